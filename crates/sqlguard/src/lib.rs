//! Refuses SQL that it was not taught, and puts a fence around every table. Pure: no clock, no I/O, no tenant.
//!
//! A statement is parsed, lowered into a small tree of its own that can hold nothing but honest reading, its names are
//! resolved, every table is replaced by a fenced derived table, and the tree is written out anew: the engine never sees
//! the author's text. What was written is read back and must give the same tree.
//!
//! The lowering matches the parser's tree exhaustively, without a wildcard arm: what it has not been taught is refused.

mod catalogue;
mod fence;
mod functions;
mod lex;
mod lower;
mod parse;
mod refusal;
mod render;
mod scope;
mod tree;

use lex::Author;
use lower::{Lowerer, Purpose};

pub use catalogue::{Catalogue, Column, ColumnKind, Dialect, Fence, Mask, Operand, Predicate, Relation};
pub use refusal::Refusal;

/// A statement that may run: the text, and what stands in its places.
///
/// Places are `$1`, `$2`, … for PostgreSQL, `?1`, `?2`, … for SQLite and `?` for MariaDB and MySQL; the n-th of `binds`
/// is for the n-th place in the text. No `Debug`: the text is a tenant's.
pub struct Guarded {
    /// The text, as this crate writes it.
    pub sql: String,
    /// What to bind, place by place.
    pub binds: Vec<Place>,
    /// The relations of the catalogue that it reads, as `schema.name` or `name`, sorted, each once.
    pub relations: Vec<String>,
}

/// What stands in a place of a guarded statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The n-th (from 0) place of the statement that was given.
    Given(usize),
    /// A value of the rules: what the caller put into an [`Operand`].
    Rule(usize),
}

impl Place {
    const fn given(&self) -> Option<usize> {
        match self {
            Self::Given(number) => Some(*number),
            Self::Rule(_) => None,
        }
    }
}

/// Reads one statement, and writes the one that may run instead.
///
/// `sql` is a finished statement whose places are those of the dialect, each used once and in their order in the text.
///
/// # Errors
/// What was not allowed, where, and what to write instead. No refusal holds a value of the catalogue's rules.
pub fn guard(sql: &str, catalogue: &Catalogue) -> Result<Guarded, Refusal> {
    // Trees are walked and dropped by recursion: how deep they are is limited, and the stack for it is of a known size,
    // whatever thread this runs on.
    stacker::grow(STACK, || guarded(sql, catalogue))
}

/// Bytes of stack: several times what the deepest statement that is let through takes in an unoptimised build.
const STACK: usize = 64 << 20;

fn guarded(sql: &str, catalogue: &Catalogue) -> Result<Guarded, Refusal> {
    let dialect = catalogue.dialect;
    let lexed = lex::lex(sql, dialect, Author::Foreign)?;
    let parsed = parse::query(&lexed, dialect)?;
    let (tree, relations) = Lowerer::new(dialect, Purpose::Guard(catalogue), sql, &lexed).statement(&parsed)?;
    let (written, binds) = render::render(&tree, dialect);
    if binds.len() > most_places(dialect) {
        return Err(Refusal::new(0, 0, "the statement and the rules of its tables need more values than can be bound"));
    }
    if !reads_back(&written, &tree, &binds, dialect) {
        return Err(Refusal::new(
            0,
            0,
            "this statement cannot be written down without doubt: write it in a simpler way",
        ));
    }
    let mut given: Vec<usize> = binds.iter().filter_map(|place| place.given()).collect();
    given.sort_unstable();
    if !given.iter().copied().eq(0..lexed.places) {
        return Err(Refusal::new(0, 0, "a place of the statement was lost: write it in a simpler way"));
    }
    Ok(Guarded { sql: written, binds, relations })
}

/// How many places a statement may have: what the protocols count, and what SQLite is built for.
const fn most_places(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Postgres | Dialect::Mysql => 65_535,
        Dialect::Sqlite => 32_766,
    }
}

/// Whether the text means the tree that it was made from, and nothing else.
fn reads_back(written: &str, tree: &tree::Query, binds: &[Place], dialect: Dialect) -> bool {
    let again = lex::lex(written, dialect, Author::Own).and_then(|lexed| {
        let parsed = parse::query(&lexed, dialect)?;
        Lowerer::new(dialect, Purpose::ReadBack(binds), written, &lexed).statement(&parsed)
    });
    again.is_ok_and(|(again, _)| again == *tree)
}
