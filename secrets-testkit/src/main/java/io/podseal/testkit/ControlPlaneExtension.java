// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts the control plane before the class, not when a parameter is resolved: there JUnit would turn an aborted assumption
 * into a failure.
 */
final class ControlPlaneExtension implements BeforeAllCallback, TestInstancePreConstructCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(ControlPlaneExtension.class);
    private static final String OWN = "own";
    private static final String SHARED = "shared";

    @Override
    public void beforeAll(ExtensionContext context) {
        started(context);
    }

    /** With one instance per class, this comes before {@link #beforeAll}. */
    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        started(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalControlPlane.class;
    }

    @Override
    public LocalControlPlane resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return started(context);
    }

    /** The stores look into those of the enclosing contexts, and close what was put into them. */
    private static LocalControlPlane started(ExtensionContext context) {
        boolean exclusive = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), ControlPlane.class)
                .map(ControlPlane::exclusive)
                .orElse(false);
        if (exclusive || context.getStore(NAMESPACE).get(OWN) != null) {
            return started(context.getStore(NAMESPACE), OWN);
        }
        return started(context.getRoot().getStore(NAMESPACE), SHARED);
    }

    private static LocalControlPlane started(Store store, String whose) {
        return Kept.in(store, whose, LocalControlPlane.class, LocalControlPlane::start);
    }
}
