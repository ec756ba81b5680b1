/// What `stat` is made of: statistical tests of a file of embeddings against `N(0, I)`.
///
/// [StatRequest] says what is asked, [Stat] answers with a [StatResult]. A [ColumnTest] is a univariate test as a graph
/// in the engine; it goes through a [ColumnSource] in groups of columns, so that memory holds a few columns and never
/// the matrix: the file's own columns, their projections onto directions, or draws of the null law. A [PairTest]
/// goes through a sample's pairs in blocks of rows. [NullLaws] has the laws that are known, [MonteCarlo] draws from the
/// others, and a [DrawnLaw] goes on where there are no draws. [Battery] applies every test, and
/// [Diagnosis] says in words in what way a sample departs.
@NullMarked
package dev.lejepa.tools.stat;

import org.jspecify.annotations.NullMarked;
