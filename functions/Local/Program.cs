using System.Runtime.InteropServices;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Rendering;

using var stop = new CancellationTokenSource();
var asked = 0;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLineHost.RunAsync(args, HostConsole.OfProcess(), cancellation: stop.Token);

// The first wish to stop lets the work end between two steps; the second one is not held up.
void Stop(PosixSignalContext signal)
{
    if (Interlocked.Increment(ref asked) > 1) return;
    signal.Cancel = true;
    Console.Error.WriteLine("Stopping (Ctrl-C again to stop at once) ...");
    stop.Cancel();
}
