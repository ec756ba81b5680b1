package dev.lejepa.runtime.host;

/// Arithmetic of arrays, in loops that the compiler turns into vector code.
final class Arithmetic {
    private static final float SIXTH = 1f / 6;

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

    static void min(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = Math.min(a[i], b[i]);
        }
    }

    static void max(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = Math.max(a[i], b[i]);
        }
    }

    static void pow(float[] a, float[] b, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = (float) Math.pow(a[i], b[i]);
        }
    }

    static void hardSigmoid(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = Math.max(Math.min(Math.fma(x[i], SIXTH, 0.5f), 1f), 0f);
        }
    }

    static void hardSwish(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = x[i] * Math.max(Math.min(Math.fma(x[i], SIXTH, 0.5f), 1f), 0f);
        }
    }
}
