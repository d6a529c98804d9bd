//! What a statement may read, and how: made by the caller for one placement and one viewer.

/// How SQL is written and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MariaDB and MySQL, with `sql_mode` without `ANSI_QUOTES`, `PIPES_AS_CONCAT` and `NO_BACKSLASH_ESCAPES`.
    Mysql,
    /// SQLite.
    Sqlite,
}

/// Everything that a statement may read. A relation that is not here does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// The dialect of statement and output.
    pub dialect: Dialect,
    /// The schema (PostgreSQL) or database (MariaDB, MySQL) that a name without one is looked up in. `main` in SQLite.
    pub schema: String,
    /// The relations. No two have the same schema and name, capitals apart where the engine does not tell them apart.
    pub relations: Vec<Relation>,
}

/// A table or view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Schema or database; `main` in SQLite.
    pub schema: String,
    /// Name, spelled as the engine has it.
    pub name: String,
    /// Its columns in their order. What is not here cannot be read.
    pub columns: Vec<Column>,
    /// Which of its rows are let through.
    pub fence: Fence,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name, spelled as the engine has it.
    pub name: String,
    /// Family of its type.
    pub kind: ColumnKind,
    /// What is shown instead of its values.
    pub mask: Option<Mask>,
}

impl Column {
    /// The kind of what is shown; none when the column is hidden.
    #[must_use]
    pub fn shown(&self) -> Option<ColumnKind> {
        match self.mask {
            Some(Mask::Hidden) => None,
            Some(Mask::Hash { .. } | Mask::LastFour) => Some(ColumnKind::Text),
            Some(Mask::Null) | None => Some(self.kind),
        }
    }
}

/// Families of types, as far as comparing with a rule's values needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Whole numbers.
    Integer,
    /// Texts.
    Text,
    /// UUID of PostgreSQL.
    Uuid,
    /// Anything else: cannot carry a rule.
    Other,
}

/// What is shown instead of a column's values. All but `Hidden` keep the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mask {
    /// The column is not there.
    Hidden,
    /// NULL, of the column's own type.
    Null,
    /// SHA-256 in hexadecimal over the salt and the text of the value; NULL stays NULL.
    Hash {
        /// Secret text of the tenant, so that equal values of two tenants differ.
        salt: Operand,
    },
    /// The last four characters of the text; NULL when it has no more than four, which would be all of it.
    LastFour,
}

/// Which rows of a relation are let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fence {
    /// All that the connection's login can read: the database keeps rows apart, or it is shared reference data. The
    /// relation stands in the output by its qualified name; fenced only when a column is masked or left out.
    Open,
    /// Those for which the predicate holds, behind a barrier that the engine's planner moves nothing through.
    Rows(Predicate),
    /// None: a statement that names the relation is refused with these words. Predicates of other relations may lead to
    /// it all the same.
    Withheld(&'static str),
}

/// Which rows. Every value is a bind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// No row.
    Never,
    /// Every row.
    Always,
    /// The column holds exactly this value: capitals, accents, trailing blanks and type included.
    Equals {
        /// Column of this relation.
        column: String,
        /// The value.
        value: Operand,
    },
    /// The column holds one of these values; none for an empty list.
    In {
        /// Column of this relation.
        column: String,
        /// The values.
        values: Vec<Operand>,
    },
    /// The column's value is in `key` of a row of another relation for which `holds`.
    Through {
        /// Column of this relation.
        column: String,
        /// Schema of the other relation.
        schema: String,
        /// Name of the other relation.
        relation: String,
        /// Column of the other relation.
        key: String,
        /// Predicate over the other relation.
        holds: Box<Predicate>,
    },
    /// All of them hold; an empty list holds.
    All(Vec<Predicate>),
    /// One of them holds; an empty list does not.
    Any(Vec<Predicate>),
}

/// A value that the caller will bind, by its number: `Place::Rule` gives it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operand(pub usize);
