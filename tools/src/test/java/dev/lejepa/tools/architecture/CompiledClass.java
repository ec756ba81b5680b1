package dev.lejepa.tools.architecture;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the compiled form of a class says of its dependencies.
///
/// @param name full name
/// @param packages that it refers to, its own left out
/// @param mutableStatics static fields that are not final
/// @param standardStreams true where it touches `System.out` or `System.err`
/// @param localeCalls methods of the JDK that it uses and that follow the default locale
/// @param nullMarked true where it is annotated so
record CompiledClass(
        String name,
        Set<String> packages,
        List<String> mutableStatics,
        boolean standardStreams,
        Set<String> localeCalls,
        boolean nullMarked) {

    /// Every class below a folder of class files.
    static List<CompiledClass> all(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var classes = new ArrayList<CompiledClass>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            classes.add(of(ClassFile.of().parse(file)));
        }
        return classes;
    }

    private static CompiledClass of(ClassModel model) {
        var packages = new TreeSet<String>();
        var localeCalls = new TreeSet<String>();
        boolean streams = false;
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addPackage(type.asSymbol(), packages);
                case NameAndTypeEntry member -> addDescriptor(member.type().stringValue(), packages);
                case FieldRefEntry field -> streams |= isStandardStream(field);
                case MemberRefEntry method -> addLocaleCall(method, localeCalls);
                default -> {
                    // numbers and texts
                }
            }
        }
        model.fields().forEach(field -> addDescriptor(field.fieldType().stringValue(), packages));
        model.methods().forEach(method -> addDescriptor(method.methodType().stringValue(), packages));
        packages.remove(model.thisClass().asSymbol().packageName());
        List<String> statics = model.fields().stream()
                .filter(CompiledClass::isMutableStatic)
                .map(field -> field.fieldName().stringValue())
                .toList();
        return new CompiledClass(
                model.thisClass().asInternalName().replace('/', '.'),
                packages,
                statics,
                streams,
                localeCalls,
                isNullMarked(model));
    }

    private static void addLocaleCall(MemberRefEntry method, Set<String> calls) {
        if (LocaleCalls.isOne(method)) {
            String owner = method.owner().asInternalName();
            calls.add(owner.substring(owner.lastIndexOf('/') + 1)
                    + "."
                    + method.name().stringValue());
        }
    }

    private static boolean isStandardStream(FieldRefEntry field) {
        String name = field.name().stringValue();
        return field.owner().asInternalName().equals("java/lang/System") && (name.equals("out") || name.equals("err"));
    }

    private static boolean isMutableStatic(FieldModel field) {
        return field.flags().has(AccessFlag.STATIC)
                && !field.flags().has(AccessFlag.FINAL)
                && !field.flags().has(AccessFlag.SYNTHETIC);
    }

    private static boolean isNullMarked(ClassModel model) {
        return model.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .map(Annotation::className)
                .anyMatch(name -> name.equalsString("Lorg/jspecify/annotations/NullMarked;"));
    }

    private static void addDescriptor(String descriptor, Set<String> packages) {
        if (descriptor.startsWith("(")) {
            var method = MethodTypeDesc.ofDescriptor(descriptor);
            method.parameterList().forEach(type -> addPackage(type, packages));
            addPackage(method.returnType(), packages);
        } else {
            addPackage(ClassDesc.ofDescriptor(descriptor), packages);
        }
    }

    private static void addPackage(ClassDesc type, Set<String> packages) {
        ClassDesc element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        if (!element.isPrimitive()) {
            packages.add(element.packageName());
        }
    }

    String packageName() {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
