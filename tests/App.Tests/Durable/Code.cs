using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.AppTests.Durable;

/// <summary>Flows written in a test.</summary>
internal static class Code
{
    public static JsonTypeInfo<string> Text => CodeJson.Default.String;

    public static FlowName<string, string> Name(string name) => new(name, Text, Text);

    public static StepName<string, string> StepName(string name) => new(name, Text, Text);

    public static Flow Flow(string name, Func<IFlowContext, string, Task<string>> code) =>
        new CodeFlow(Name(name), code);

    public static Flow Step(string step) =>
        Flow("Main", (context, input) => context.RunStepAsync(StepName(step), input));

    private sealed class CodeFlow(
        FlowName<string, string> name, Func<IFlowContext, string, Task<string>> code)
        : Flow<string, string>(name)
    {
        public override Task<string> RunAsync(IFlowContext context, string input) =>
            code(context, input);
    }
}
