/// Golden cases: numbers computed elsewhere in double precision, and the graphs that must reproduce them here.
///
/// A folder is one [GoldenCase]. Its [CaseKind] turns what the case asks into graphs, runs them on an [Executor] and
/// hands the results to a [Comparison], which knows the tolerances and notices what was left out. [SelfCheck] does so
/// for a whole set of folders and adds up the results.
@NullMarked
package dev.lejepa.tools.selfcheck;

import org.jspecify.annotations.NullMarked;
