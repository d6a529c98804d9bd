//! Which names mean what at a place of the statement: queries of WITH, and aliases of FROM.

use crate::Dialect;

/// What a query of WITH sees of the others of the same WITH.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Those before it.
    Earlier,
    /// Those before it, and itself.
    Self_,
    /// All of them, and itself.
    All,
}

/// What a name without a schema means in FROM, as far as WITH goes.
pub(crate) enum Found {
    /// This query, by the name that it has in the output.
    Cte(String),
    /// One that stands further down, and that engines disagree about.
    Later,
    /// None.
    Nothing,
}

struct With {
    /// The author's names, and those of the output.
    names: Vec<(String, String)>,
    sight: Sight,
    /// How many are done; the next one is at work when `inside`.
    done: usize,
    inside: bool,
}

struct Visible {
    alias: String,
    /// Schema and name, when the author gave no alias.
    own_name: Option<(String, String)>,
    /// Its number in the catalogue, when it is a relation with its own columns.
    relation: Option<usize>,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    withs: usize,
    froms: usize,
}

pub(crate) struct Scopes {
    dialect: Dialect,
    withs: Vec<With>,
    froms: Vec<Vec<Visible>>,
}

impl Scopes {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { dialect, withs: Vec::new(), froms: Vec::new() }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { withs: self.withs.len(), froms: self.froms.len() }
    }

    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.withs.truncate(mark.withs);
        self.froms.truncate(mark.froms);
    }

    /// Opens a WITH; false when two names are the same.
    pub(crate) fn open_with(&mut self, names: &[String], canonical: &[String], sight: Sight) -> bool {
        let twins = names
            .iter()
            .enumerate()
            .any(|(index, name)| names.iter().skip(index + 1).any(|other| self.alike(name, other)));
        let names = names.iter().cloned().zip(canonical.iter().cloned()).collect();
        self.withs.push(With { names, sight, done: 0, inside: false });
        !twins
    }

    pub(crate) fn begin_cte(&mut self) {
        if let Some(with) = self.withs.last_mut() {
            with.inside = true;
        }
    }

    pub(crate) fn end_cte(&mut self) {
        if let Some(with) = self.withs.last_mut() {
            with.done += 1;
            with.inside = false;
        }
    }

    pub(crate) fn with_is_complete(&mut self) {
        if let Some(with) = self.withs.last_mut() {
            with.done = with.names.len();
        }
    }

    /// The query of WITH that a name means.
    pub(crate) fn cte(&self, name: &str, exactly: bool) -> Found {
        for with in self.withs.iter().rev() {
            let matching =
                |(given, _): &(String, String)| if exactly { given == name } else { self.alike(given, name) };
            let Some(index) = with.names.iter().position(matching) else { continue };
            let seen = match with.sight {
                Sight::All => true,
                Sight::Self_ => index < with.done || (index == with.done && with.inside),
                Sight::Earlier => index < with.done,
            };
            match with.names.get(index) {
                Some((_, canonical)) if seen => return Found::Cte(canonical.clone()),
                Some(_) if with.sight == Sight::Self_ => return Found::Later,
                _ => {}
            }
        }
        Found::Nothing
    }

    pub(crate) fn open_from(&mut self) {
        self.froms.push(Vec::new());
    }

    pub(crate) fn add(&mut self, alias: &str, own_name: Option<(String, String)>, relation: Option<usize>) {
        if let Some(from) = self.froms.last_mut() {
            from.push(Visible { alias: alias.to_owned(), own_name, relation });
        }
    }

    /// The alias that a name means, innermost first, and the relation behind it.
    pub(crate) fn alias(&self, name: &str) -> Option<(String, Option<usize>)> {
        let all = || self.froms.iter().rev().flatten();
        let exact = all().find(|visible| visible.alias == name);
        let found = exact.or_else(|| all().find(|visible| self.alike(&visible.alias, name)))?;
        Some((found.alias.clone(), found.relation))
    }

    /// The alias of a table that was named with its schema.
    pub(crate) fn qualified(&self, schema: &str, table: &str) -> Option<String> {
        let is = |visible: &&Visible| {
            visible.own_name.as_ref().is_some_and(|(own, name)| self.alike(own, schema) && self.alike(name, table))
        };
        self.froms.iter().rev().flatten().find(is).map(|visible| visible.alias.clone())
    }

    /// Whether two names are the same to the engine. Capitals tell tables apart in some MariaDB and MySQL and not in
    /// others; here they do only where both spellings are there.
    fn alike(&self, one: &str, other: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => one == other,
            Dialect::Mysql | Dialect::Sqlite => one.eq_ignore_ascii_case(other),
        }
    }
}
