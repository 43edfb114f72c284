using TarsEngine.Worlds;

// What has to be watched from outside runs in a process of its own: this one.
if (args is not ["seam", var name, var place, var folder, var log, var around]) return 2;
SeamCheck.Act(name, place, folder, log, around);
return 0;
