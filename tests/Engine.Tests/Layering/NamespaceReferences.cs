using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SnapshotFunctions.EngineTests.Layering;

/// <summary>
/// Reads from an assembly's metadata which of its own namespaces refer to which: base types,
/// interfaces, fields, signatures, locals and every token in the methods' bodies. It cannot see
/// what the compiler leaves nothing of: constants, nameof, comments; attributes it does not read.
/// </summary>
internal sealed class NamespaceReferences : IDisposable
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    private readonly PEReader _pe;
    private readonly MetadataReader _reader;
    private readonly TypeNames _names;
    private readonly HashSet<TypeDefinitionHandle> _found = [];

    public NamespaceReferences(string path)
    {
        _pe = new PEReader(File.OpenRead(path));
        _reader = _pe.GetMetadataReader();
        _names = new TypeNames(_found);
    }

    public void Dispose() => _pe.Dispose();

    /// <summary>Each pair of a type's namespace and another one it refers to, with that type.</summary>
    public IEnumerable<(string From, string To, string Type)> All()
    {
        foreach (var handle in _reader.TypeDefinitions)
        {
            var from = NamespaceOf(handle);
            if (from.Length == 0) continue;
            _found.Clear();
            Visit(_reader.GetTypeDefinition(handle));
            var name = _reader.GetString(_reader.GetTypeDefinition(handle).Name);
            foreach (var to in _found.Select(NamespaceOf).Distinct(StringComparer.Ordinal))
                if (to.Length > 0 && !string.Equals(to, from, StringComparison.Ordinal)) yield return (from, to, name);
        }
    }

    /// <summary>All namespaces that hold types.</summary>
    public IEnumerable<string> Namespaces() => _reader.TypeDefinitions
        .Select(NamespaceOf).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal);

    private string NamespaceOf(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
            type = _reader.GetTypeDefinition(type.GetDeclaringType());
        return _reader.GetString(type.Namespace);
    }

    private void Visit(TypeDefinition type)
    {
        Token(type.BaseType);
        foreach (var item in type.GetInterfaceImplementations())
            Token(_reader.GetInterfaceImplementation(item).Interface);
        foreach (var parameter in type.GetGenericParameters())
            foreach (var constraint in _reader.GetGenericParameter(parameter).GetConstraints())
                Token(_reader.GetGenericParameterConstraint(constraint).Type);
        foreach (var field in type.GetFields())
            _reader.GetFieldDefinition(field).DecodeSignature(_names, null);
        foreach (var method in type.GetMethods()) Visit(_reader.GetMethodDefinition(method));
    }

    private void Visit(MethodDefinition method)
    {
        method.DecodeSignature(_names, null);
        if (method.RelativeVirtualAddress == 0) return;
        var body = _pe.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null);
        foreach (var region in body.ExceptionRegions) Token(region.CatchType);
        var code = body.GetILReader();
        while (code.RemainingBytes > 0) Instruction(ref code);
    }

    private void Instruction(ref BlobReader code)
    {
        short value = code.ReadByte();
        if (value == 0xFE) value = unchecked((short)(0xFE00 | code.ReadByte()));
        switch (OpCodesByValue[value].OperandType)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                code.Offset++;
                break;
            case OperandType.InlineVar:
                code.Offset += 2;
                break;
            case OperandType.InlineI8 or OperandType.InlineR:
                code.Offset += 8;
                break;
            case OperandType.InlineSwitch:
                // Read first: += would take the offset from before the count was read.
                var targets = code.ReadInt32();
                code.Offset += 4 * targets;
                break;
            case OperandType.InlineType or OperandType.InlineTok or OperandType.InlineMethod
                or OperandType.InlineField:
                Token(MetadataTokens.EntityHandle(code.ReadInt32()));
                break;
            default:
                code.Offset += 4;
                break;
        }
    }

    private void Token(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _found.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
                break;
            case HandleKind.MethodDefinition:
                Token(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Token(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Token(_reader.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var method = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(_names, null);
                Token(method.Method);
                break;
        }
    }

    /// <summary>Collects the assembly's own types that a signature names.</summary>
    private sealed class TypeNames(HashSet<TypeDefinitionHandle> found)
        : ISignatureTypeProvider<bool, object?>
    {
        public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte kind) =>
            found.Add(handle);

        public bool GetTypeFromSpecification(
            MetadataReader reader, object? context, TypeSpecificationHandle handle, byte kind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, context);

        public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte kind) => false;

        public bool GetArrayType(bool element, ArrayShape shape) => false;

        public bool GetByReferenceType(bool element) => false;

        public bool GetFunctionPointerType(MethodSignature<bool> signature) => false;

        public bool GetGenericInstantiation(bool type, ImmutableArray<bool> arguments) => false;

        public bool GetGenericMethodParameter(object? context, int index) => false;

        public bool GetGenericTypeParameter(object? context, int index) => false;

        public bool GetModifiedType(bool modifier, bool type, bool required) => false;

        public bool GetPinnedType(bool element) => false;

        public bool GetPointerType(bool element) => false;

        public bool GetPrimitiveType(PrimitiveTypeCode code) => false;

        public bool GetSZArrayType(bool element) => false;
    }
}
