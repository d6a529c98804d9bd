//! Rows have no `Debug`: they cannot reach a log.

fn log(cell: &gateway::Cell, statement: &query::Statement, bind: &query::Bind) {
    println!("{cell:?} {statement:?} {bind:?}");
}

fn main() {}
