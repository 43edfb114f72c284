namespace TarsEngine.Planning;

/// <summary>Steps by number, with what each needs. Everything here is linear in steps and dependencies, and nothing recurses.</summary>
internal sealed class StepGraph
{
    private readonly List<int>[] needs;
    private readonly List<int>[] neededBy;

    public StepGraph(int count)
    {
        needs = new List<int>[count];
        neededBy = new List<int>[count];
        for (var i = 0; i < count; i++) (needs[i], neededBy[i]) = ([], []);
    }

    public int Count => needs.Length;

    public IReadOnlyList<int> Needs(int step) => needs[step];

    public void Add(int step, int need)
    {
        needs[step].Add(need);
        neededBy[need].Add(step);
    }

    /// <summary>Every step behind what it needs, else in order of declaration; steps on or behind a cycle are left out.</summary>
    public IReadOnlyList<int> Order()
    {
        var open = new int[Count];
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < Count; i++)
        {
            open[i] = needs[i].Count;
            if (open[i] == 0) ready.Enqueue(i, i);
        }
        var order = new List<int>(Count);
        while (ready.TryDequeue(out var step, out _))
        {
            order.Add(step);
            foreach (var next in neededBy[step])
            {
                if (--open[next] == 0) ready.Enqueue(next, next);
            }
        }
        return order;
    }

    /// <summary>One cycle of every knot of steps that need each other, each beginning with its first declared step.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Cycles()
    {
        var knot = Knots();
        var cycles = new List<IReadOnlyList<int>>();
        var met = new HashSet<int>();
        for (var start = 0; start < Count; start++)
        {
            if (!met.Contains(knot[start]) && ShortestBack(start, knot) is { } cycle)
            {
                met.Add(knot[start]);
                cycles.Add(cycle);
            }
        }
        return cycles;
    }

    /// <summary>True when <paramref name="step"/> needs <paramref name="other"/>, by however many steps between; null when <paramref name="budget"/> ran out.</summary>
    /// <param name="place">Each step's place in the order: nothing before <paramref name="other"/> can lead to it.</param>
    public bool? Leads(int step, int other, int[] place, ref long budget)
    {
        var seen = new HashSet<int> { step };
        var waiting = new Stack<int>([step]);
        while (waiting.TryPop(out var at))
        {
            foreach (var need in needs[at])
            {
                if (need == other) return true;
                if (--budget < 0) return null;
                if (place[need] > place[other] && seen.Add(need)) waiting.Push(need);
            }
        }
        return false;
    }

    private List<int>? ShortestBack(int start, int[] knot)
    {
        var from = new Dictionary<int, int>();
        var waiting = new Queue<int>([start]);
        while (waiting.TryDequeue(out var at))
        {
            foreach (var need in needs[at])
            {
                if (need == start)
                {
                    var back = new List<int>();
                    for (var step = at; step != start; step = from[step]) back.Add(step);
                    back.Add(start);
                    back.Reverse();
                    return back;
                }
                if (knot[need] == knot[start] && from.TryAdd(need, at)) waiting.Enqueue(need);
            }
        }
        return null;
    }

    // Tarjan's strongly connected components with a stack of our own.
    private int[] Knots()
    {
        var (number, low, knot) = (new int[Count], new int[Count], new int[Count]);
        Array.Fill(knot, -1);
        var (numbers, knots) = (0, 0);
        var path = new Stack<int>();
        var work = new Stack<(int Step, int Next)>();
        for (var root = 0; root < Count; root++)
        {
            if (number[root] == 0) work.Push((root, 0));
            while (work.TryPop(out var frame))
            {
                var (step, next) = frame;
                if (next == 0)
                {
                    number[step] = low[step] = ++numbers;
                    path.Push(step);
                }
                else
                {
                    low[step] = Math.Min(low[step], low[needs[step][next - 1]]);
                }
                var descended = false;
                for (; next < needs[step].Count && !descended; next++)
                {
                    var need = needs[step][next];
                    if (number[need] == 0)
                    {
                        work.Push((step, next + 1));
                        work.Push((need, 0));
                        descended = true;
                    }
                    else if (knot[need] < 0)
                    {
                        low[step] = Math.Min(low[step], number[need]);
                    }
                }
                if (descended || low[step] != number[step]) continue;
                int member;
                do
                {
                    member = path.Pop();
                    knot[member] = knots;
                }
                while (member != step);
                knots++;
            }
        }
        return knot;
    }
}
