/// Frozen encoders judged by what simple classifiers make of their features: `lejepa eval`.
///
/// [Evaluation][dev.lejepa.tools.eval.Evaluation] goes through it: features by
/// [FeatureFolder][dev.lejepa.tools.eval.FeatureFolder], which keeps them; linear probes and nearest neighbors;
/// [EvalResult][dev.lejepa.tools.eval.EvalResult] with its tables.
@NullMarked
package dev.lejepa.tools.eval;

import org.jspecify.annotations.NullMarked;
