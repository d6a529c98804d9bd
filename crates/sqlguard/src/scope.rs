//! Which names mean what at a place of the statement: queries of WITH, and aliases of FROM.

use crate::Dialect;
use std::collections::BTreeSet;
use std::rc::Rc;

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

/// The names of the columns of something in FROM; none where they are not known.
pub(crate) type Columns = Option<Rc<BTreeSet<String>>>;

/// What a name without a schema means in FROM, as far as WITH goes.
pub(crate) enum Found {
    /// This query, by the name that it has in the output.
    Cte(String, Columns),
    /// One that stands further down, and that engines disagree about.
    Later,
    /// None.
    Nothing,
}

struct Cte {
    /// The author's name, and that of the output.
    given: String,
    canonical: String,
    columns: Columns,
}

struct With {
    ctes: Vec<Cte>,
    sight: Sight,
    /// How many are done; the next one, if there is one, is at work.
    done: usize,
}

/// Something in FROM.
pub(crate) struct Visible {
    pub(crate) alias: String,
    /// Schema and name, when it is a relation that the author gave no alias.
    pub(crate) own_name: Option<(String, String)>,
    /// Its number in the catalogue, when it is a relation with its own names of columns.
    pub(crate) relation: Option<usize>,
    pub(crate) columns: Columns,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    withs: usize,
    froms: usize,
}

/// A query of WITH at work.
#[derive(Clone, Copy)]
pub(crate) struct AtWork {
    with: usize,
    cte: usize,
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
        let cte = |(given, canonical): (&String, &String)| Cte {
            given: given.clone(),
            canonical: canonical.clone(),
            columns: None,
        };
        let ctes = names.iter().zip(canonical).map(cte).collect();
        self.withs.push(With { ctes, sight, done: 0 });
        !twins
    }

    /// The query of the innermost WITH that is at work.
    pub(crate) fn at_work(&self) -> Option<AtWork> {
        let with = self.withs.len().checked_sub(1)?;
        Some(AtWork { with, cte: self.withs.get(with)?.done })
    }

    /// Its columns, unless they are known already: those of a recursive one are, before it is done.
    pub(crate) fn learn(&mut self, cte: Option<AtWork>, columns: Columns) {
        let Some(AtWork { with, cte }) = cte else { return };
        let with = self.withs.get_mut(with);
        if let Some(cte) = with.and_then(|with| with.ctes.get_mut(cte)) {
            cte.columns = cte.columns.take().or(columns);
        }
    }

    pub(crate) fn end_cte(&mut self) {
        if let Some(with) = self.withs.last_mut() {
            with.done += 1;
        }
    }

    /// The query of WITH that a name means.
    pub(crate) fn cte(&self, name: &str, exactly: bool) -> Found {
        for with in self.withs.iter().rev() {
            let matching = |cte: &Cte| if exactly { cte.given == name } else { self.alike(&cte.given, name) };
            let Some(index) = with.ctes.iter().position(matching) else { continue };
            let seen = match with.sight {
                Sight::All => true,
                Sight::Self_ => index <= with.done,
                Sight::Earlier => index < with.done,
            };
            match with.ctes.get(index) {
                Some(Cte { canonical, columns, .. }) if seen => return Found::Cte(canonical.clone(), columns.clone()),
                Some(_) if with.sight == Sight::Self_ => return Found::Later,
                _ => {}
            }
        }
        Found::Nothing
    }

    pub(crate) fn open_from(&mut self) {
        self.froms.push(Vec::new());
    }

    /// Whether the query at work stands inside another one.
    pub(crate) fn is_nested(&self) -> bool {
        self.froms.len() > 1
    }

    pub(crate) fn add(&mut self, visible: Visible) {
        if let Some(from) = self.froms.last_mut() {
            from.push(visible);
        }
    }

    /// What stands in the innermost FROM so far.
    pub(crate) fn innermost(&self) -> &[Visible] {
        self.froms.last().map_or(&[], Vec::as_slice)
    }

    /// What an alias means, innermost first.
    pub(crate) fn alias(&self, name: &str) -> Option<&Visible> {
        let all = || self.froms.iter().rev().flatten();
        let exact = all().find(|visible| visible.alias == name && self.dialect != Dialect::Sqlite);
        exact.or_else(|| all().find(|visible| self.alike(&visible.alias, name)))
    }

    /// A table that was named with its schema, unless its alias means something else here: the schema is not written.
    pub(crate) fn qualified(&self, schema: &str, table: &str) -> Option<&Visible> {
        let is = |visible: &&Visible| {
            visible.own_name.as_ref().is_some_and(|(own, name)| self.alike(own, schema) && self.alike(name, table))
        };
        let found = self.froms.iter().rev().flatten().find(is)?;
        self.alias(&found.alias).filter(|meant| std::ptr::eq(*meant, found))
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
