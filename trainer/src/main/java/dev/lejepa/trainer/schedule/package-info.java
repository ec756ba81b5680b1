/// Learning rates as pure functions of the step: nothing here remembers where a run is, so a resumed run needs no
/// state of its schedule.
@NullMarked
package dev.lejepa.trainer.schedule;

import org.jspecify.annotations.NullMarked;
