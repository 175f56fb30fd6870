using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using SnapshotFunctions.App.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// Read before anything runs: a missing or wrong setting ends the start with its name.
var settings = AppSettings.Read(builder.Configuration);
builder.Services.AddSnapshots(settings).AddTelemetry(settings);
await builder.Build().RunAsync();
