// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes accounts where a test asks for them; JUnit's store closes them with the test or the class that asked first. */
final class SealedForExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SealedForExtension.class);

    private record Key(ServiceAccount identity, KeyType type) {}

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestAccount.class
                && annotation(parameter, context).isPresent();
    }

    @Override
    public TestAccount resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SealedFor sealed = annotation(parameter, context).orElseThrow();
        Key wanted = new Key(ServiceAccount.parse(sealed.value(), sealed.trustDomain()), sealed.type());
        return Kept.in(
                context.getStore(NAMESPACE),
                wanted,
                TestAccount.class,
                () -> TestAccount.of(wanted.identity(), wanted.type()));
    }

    private static Optional<SealedFor> annotation(ParameterContext parameter, ExtensionContext context) {
        Optional<SealedFor> found = parameter.findAnnotation(SealedFor.class);
        for (Optional<ExtensionContext> in = Optional.of(context);
                found.isEmpty() && in.isPresent();
                in = in.get().getParent()) {
            found = in.get().getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, SealedFor.class));
        }
        return found;
    }
}
