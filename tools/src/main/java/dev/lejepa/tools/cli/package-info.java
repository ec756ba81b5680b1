/// The command line. [dev.lejepa.tools.cli.Main] starts a [dev.lejepa.tools.cli.Program], which finds the command in
/// the table of [dev.lejepa.tools.cli.CommandName], parses its options into a [dev.lejepa.tools.cli.Call] and turns what
/// comes back, or is thrown, into an exit code. A new command is a class that implements
/// [dev.lejepa.tools.cli.Command] and a row in that table. This is the only package that prints.
@NullMarked
package dev.lejepa.tools.cli;

import org.jspecify.annotations.NullMarked;
