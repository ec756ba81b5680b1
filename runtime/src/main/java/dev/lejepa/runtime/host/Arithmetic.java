package dev.lejepa.runtime.host;

/// Arithmetic of arrays, in loops that the compiler turns into vector code.
final class Arithmetic {
    private Arithmetic() {}

    static void neg(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = -x[i];
        }
    }

    static void sqrt(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = (float) Math.sqrt(x[i]);
        }
    }

    static void reciprocal(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = 1 / x[i];
        }
    }

    static void relu(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = Math.max(x[i], 0f);
        }
    }

    static void sign(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = Math.signum(x[i]);
        }
    }

    static void abs(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = Math.abs(x[i]);
        }
    }

    static void add(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = a[i] + b[i];
        }
    }

    static void sub(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = a[i] - b[i];
        }
    }

    static void mul(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = a[i] * b[i];
        }
    }

    static void div(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = a[i] / b[i];
        }
    }
}
