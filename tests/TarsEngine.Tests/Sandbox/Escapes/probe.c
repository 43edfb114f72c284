// Ways out of a sandbox, one per name. 'probe fixture FOLDER' is the host's side: what the others try to reach.
// 'probe run' reads lines 'NAME<TAB>KIND<TAB>REST' and answers each with 'NAME<TAB>reached|held'. Kinds: 'sh' (a shell line, reached
// when it ends with 0), 'c' (a function below) and 'call' (a system call with harmless arguments: 'NUMBER REFUSED a b c d e f';
// reached when the kernel itself looked at it, so anything but the errno REFUSED).
#define _GNU_SOURCE
#ifndef BUBBLEWRAP
#define BUBBLEWRAP "/usr/bin/bwrap"
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char inherited[4096];

static const char *text(const char *name) { const char *value = getenv(name); return value ? value : ""; }
static long number(const char *name) { return atol(text(name)); }
static pid_t host(void) { return (pid_t)number("HOSTPID"); }

static int address(struct sockaddr_un *to, const char *path, int is_abstract) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    strncpy(to->sun_path + is_abstract, path, sizeof to->sun_path - 2);
    return (int)(offsetof(struct sockaddr_un, sun_path) + is_abstract + strlen(path) + !is_abstract);
}

static int connects(const char *path, int is_abstract) {
    struct sockaddr_un to;
    int length = address(&to, path, is_abstract), s = socket(AF_UNIX, SOCK_STREAM, 0);
    return s >= 0 && connect(s, (struct sockaddr *)&to, (socklen_t)length) == 0;
}

static int receives_descriptor(void) {
    struct sockaddr_un to;
    int length = address(&to, text("PASSER"), 0), s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&to, (socklen_t)length)) return 0;
    char byte, space[64];
    struct iovec part = { &byte, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    return recvmsg(s, &message, 0) > 0 && CMSG_FIRSTHDR(&message) != NULL;
}

static int connects_tcp(void) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)number("PORT")), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    return s >= 0 && connect(s, (struct sockaddr *)&to, sizeof to) == 0;
}

static int asks_udp(void) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)number("PORT")), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    char byte = 'x';
    struct timeval wait = { 1, 0 };
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return sendto(s, &byte, 1, 0, (struct sockaddr *)&to, sizeof to) == 1 && recv(s, &byte, 1, 0) == 1;
}

static int traces_host(void) {
    if (ptrace(PTRACE_SEIZE, host(), 0, 0)) return 0;
    ptrace(PTRACE_INTERRUPT, host(), 0, 0);
    waitpid(host(), NULL, __WALL);
    ptrace(PTRACE_DETACH, host(), 0, 0);
    return 1;
}

static int reads_host_memory(void) {
    char mine[8];
    struct iovec to = { mine, sizeof mine }, from = { (void *)number("HOSTADDRESS"), sizeof mine };
    return process_vm_readv(host(), &to, 1, &from, 1, 0) == sizeof mine;
}

static int opens_of_host(const char *what, int flags) {
    char path[256];
    snprintf(path, sizeof path, "/proc/%d/%s", host(), what);
    return open(path, flags) >= 0;
}

static int injects_input(unsigned long request) {
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL)) return 0;
    setsid();
    if (ioctl(slave, TIOCSCTTY, 0)) return 0;
    return syscall(SYS_ioctl, slave, request, "x") == 0;
}

static int has_capability(void) {
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) if (!strncmp(line, "CapEff:", 7)) return strtoull(line + 7, NULL, 16) != 0;
    return 0;
}

static int raises_limit(void) {
    struct rlimit now;
    getrlimit(RLIMIT_FSIZE, &now);
    struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };
    return setrlimit(RLIMIT_FSIZE, &more) == 0;
}

static int uses_realtime(void) {
    struct sched_param first = { 1 };
    return sched_setscheduler(0, SCHED_FIFO, &first) == 0;
}

static int runs_from_memory(void) {
    int from = open("/bin/true", O_RDONLY), to = memfd_create("x", 0);
    char block[65536];
    for (ssize_t n; (n = read(from, block, sizeof block)) > 0;) if (write(to, block, (size_t)n) != n) return 0;
    pid_t child = fork();
    if (child == 0) { char *none[] = { "true", NULL }; fexecve(to, none, environ); _exit(1); }
    int status;
    waitpid(child, &status, 0);
    return status == 0;
}

static int traces_child(void) {
    pid_t child = fork();
    if (child == 0) { ptrace(PTRACE_TRACEME, 0, 0, 0); raise(SIGSTOP); _exit(0); }
    int status;
    waitpid(child, &status, 0);
    int traced = WIFSTOPPED(status);
    ptrace(PTRACE_CONT, child, 0, 0);
    waitpid(child, &status, 0);
    return traced;
}

static int talks_on_loopback(void) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof to;
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    return !bind(server, (struct sockaddr *)&to, size) && !listen(server, 1) && !getsockname(server, (struct sockaddr *)&to, &size)
        && !connect(client, (struct sockaddr *)&to, size);
}

#ifdef __x86_64__
static int calls_as_32_bit(void) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory"); // getpid
    return result > 0;
}
#endif

static int function(const char *name) {
    int queue;
#define PROBE(probe, expression) if (!strcmp(name, probe)) return (expression)
    PROBE("tcp", connects_tcp());
    PROBE("udp", asks_udp());
    PROBE("unix", connects(text("SOCKET"), 0));
    PROBE("abstract", connects(text("ABSTRACT"), 1));
    PROBE("descriptor-by-socket", receives_descriptor());
    PROBE("raw-socket", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0);
    PROBE("shm", shmget((key_t)number("KEY"), 0, 0) >= 0);
    PROBE("msg", msgget((key_t)number("KEY"), 0) >= 0);
    PROBE("sem", semget((key_t)number("KEY"), 0, 0) >= 0);
    PROBE("mq", (queue = mq_open(text("QUEUE"), O_RDONLY)) >= 0);
    PROBE("ptrace", traces_host());
    PROBE("memory", reads_host_memory());
    PROBE("pidfd", syscall(434, host(), 0) >= 0);
    PROBE("signal", kill(host(), 0) == 0);
    PROBE("signal-group", kill(-getpgid(host()), 0) == 0 && getpgid(host()) > 0);
    PROBE("priority-of-host", setpriority(PRIO_PROCESS, (id_t)host(), 1) == 0);
    PROBE("affinity-of-host", sched_getaffinity(host(), sizeof(cpu_set_t), &(cpu_set_t){ 0 }) == 0);
    PROBE("limit-of-host", prlimit(host(), RLIMIT_NOFILE, NULL, &(struct rlimit){ 0 }) == 0);
    PROBE("namespace-of-host", opens_of_host("ns/net", O_RDONLY));
    PROBE("memory-of-host", opens_of_host("mem", O_RDONLY));
    PROBE("program-of-host", opens_of_host("exe", O_RDONLY));
    PROBE("descriptors", inherited[0] != 0);
    PROBE("input", injects_input(TIOCSTI));
    PROBE("input-high-bits", injects_input(TIOCSTI | 0x100000000UL));
    PROBE("capability", has_capability());
    PROBE("new-privileges", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
    PROBE("unfiltered", prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0);
    PROBE("become-root", setuid(0) == 0);
    PROBE("become-other", setresuid(65534, 65534, 65534) == 0);
    PROBE("groups", syscall(SYS_setgroups, 0, NULL) == 0);
    PROBE("limit", raises_limit());
    PROBE("priority", setpriority(PRIO_PROCESS, 0, -5) == 0);
    PROBE("realtime", uses_realtime());
    PROBE("pages-executable", personality(READ_IMPLIES_EXEC) >= 0);
    PROBE("memory-program", runs_from_memory());
    PROBE("trace-child", traces_child());
    PROBE("loopback", talks_on_loopback());
#ifdef __x86_64__
    PROBE("32-bit", calls_as_32_bit());
#endif
    fprintf(stderr, "no probe '%s'\n", name);
    exit(2);
}

static int call(char *rest) {
    long at[8] = { 0 };
    int count = 0;
    for (char *part = strtok(rest, " "); part && count < 8; part = strtok(NULL, " ")) at[count++] = (long)strtoull(part, NULL, 0);
    errno = 0;
    return syscall(at[0], at[2], at[3], at[4], at[5], at[6], at[7]) >= 0 || errno != at[1];
}

static int attempt(const char *kind, char *rest) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 0);
        dup2(nothing, 1);
        if (!getenv("LOUD")) dup2(nothing, 2);
        alarm(5);
        setsid();
        if (!strcmp(kind, "sh")) { execl("/bin/sh", "sh", "-c", rest, NULL); _exit(2); }
        _exit(!strcmp(kind, "c") ? !function(rest) : !call(rest));
    }
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int run(void) {
    static char line[65536];
    setvbuf(stdin, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *kind = strchr(line, '\t'), *rest;
        if (!kind || !(rest = strchr(kind + 1, '\t'))) return 2;
        *kind++ = *rest++ = 0;
        int reached = attempt(kind, rest);
        printf("%s\t%s\n", line, reached ? "reached" : "held");
        fflush(stdout);
    }
    return 0;
}

static void pass(int server, int what) {
    int to = accept(server, NULL, NULL);
    char byte = 'x', space[CMSG_SPACE(sizeof(int))] = { 0 };
    struct iovec part = { &byte, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &what, sizeof what);
    sendmsg(to, &message, MSG_NOSIGNAL);
    close(to);
}

static int listening(const char *path, int is_abstract) {
    struct sockaddr_un at;
    int length = address(&at, path, is_abstract), s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(s, (struct sockaddr *)&at, (socklen_t)length) || listen(s, 64)) { perror(path); exit(2); }
    return s;
}

// Prints what it made, serves until its input ends, and takes all of it away.
static int fixture(const char *folder) {
    char path[512], passer[512], name[64], queue[64], shared[64];
    static char secret[8] = "secret";
    snprintf(path, sizeof path, "%s/socket", folder);
    snprintf(passer, sizeof passer, "%s/passer", folder);
    snprintf(name, sizeof name, "tars-escape-%d", getpid());
    snprintf(queue, sizeof queue, "/tars-escape-%d", getpid());
    snprintf(shared, sizeof shared, "/dev/shm/tars-escape-%d", getpid());
    setsid();
    key_t key = 0x7A000000 + getpid();
    int memory = shmget(key, 4096, IPC_CREAT | 0666), messages = msgget(key, IPC_CREAT | 0666), semaphores = semget(key, 1, IPC_CREAT | 0666);
    mqd_t posix = mq_open(queue, O_CREAT | O_RDWR, 0666, NULL);
    close(open(shared, O_CREAT | O_RDWR, 0666));
    listening(path, 0);
    listening(name, 1);
    int passing = listening(passer, 0), given = open("/dev/null", O_RDONLY);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(tcp, (struct sockaddr *)&at, size) || listen(tcp, 64) || getsockname(tcp, (struct sockaddr *)&at, &size) || bind(udp, (struct sockaddr *)&at, size)) return 2;
    if (fork() == 0) { prctl(PR_SET_PDEATHSIG, SIGKILL); for (;;) pass(passing, given); }
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (char byte;;) { struct sockaddr_in from; socklen_t n = sizeof from; if (recvfrom(udp, &byte, 1, 0, (struct sockaddr *)&from, &n) == 1) sendto(udp, &byte, 1, 0, (struct sockaddr *)&from, n); }
    }
    char hostname[256] = "";
    gethostname(hostname, sizeof hostname - 1);
    printf("HOSTPID=%d\nHOSTADDRESS=%ld\nSOCKET=%s\nPASSER=%s\nABSTRACT=%s\nQUEUE=%s\nSHARED=%s\nKEY=%d\nPORT=%d\nHOSTNAME=%s\n\n",
        getpid(), (long)secret, path, passer, name, queue, shared, key, ntohs(at.sin_port), hostname);
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0 || (errno == EINTR)) { }
    shmctl(memory, IPC_RMID, NULL);
    msgctl(messages, IPC_RMID, NULL);
    semctl(semaphores, 0, IPC_RMID);
    mq_close(posix);
    mq_unlink(queue);
    unlink(shared);
    return 0;
}

// Under the name 'bwrap' it is bubblewrap started by an ordinary user that has no name here.
static int start_as_user(char **arguments) {
    if (syscall(SYS_setgroups, 0, NULL) || setresgid(4242, 4242, 4242) || setresuid(4242, 4242, 4242)) return 126;
    execv(BUBBLEWRAP, arguments);
    return 127;
}

int main(int count, char **arguments) {
    if (!strcmp(strrchr(arguments[0], '/') ? strrchr(arguments[0], '/') + 1 : arguments[0], "bwrap")) return start_as_user(arguments);
    int found = 0;
    for (int i = 3; i < 4096; i++) if (fcntl(i, F_GETFD) >= 0) found = 1;
    inherited[0] = (char)found;
    if (count == 3 && !strcmp(arguments[1], "fixture")) return fixture(arguments[2]);
    if (count == 2 && !strcmp(arguments[1], "run")) return run();
    return 2;
}
