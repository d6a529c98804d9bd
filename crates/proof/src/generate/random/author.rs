//! Who writes a statement: what is visible where the next piece stands, and how much may still be written.

use crate::engine::Engine;
use crate::generate::tree::{Sort, Tree, Type};
use crate::generate::{HELD, Held};
use crate::prng::Prng;

/// A column, as it is written where it is visible.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) gives: Type,
}

/// Something in FROM.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its alias, with a dot.
    pub(super) prefix: String,
    pub(super) fields: Vec<Field>,
    /// The table that it is, when its rows are not everybody's.
    pub(super) held: Option<Held>,
    /// The table that it is.
    pub(super) table: Option<&'static str>,
}

/// A query of WITH.
#[derive(Debug, Clone)]
pub(super) struct Cte {
    pub(super) name: String,
    pub(super) gives: Vec<Type>,
}

pub(super) struct Author {
    pub(super) engine: Engine,
    pub(super) prng: Prng,
    /// What stands in FROM, outermost first.
    pub(super) froms: Vec<Vec<Source>>,
    /// The first of them that is visible.
    pub(super) barrier: usize,
    pub(super) ctes: Vec<Cte>,
    /// The keys, where an expression stands over groups: nothing but keys and aggregates may stand there.
    pub(super) groups: Option<Vec<(Type, Tree)>>,
    /// How many pieces may still be written.
    pub(super) fuel: usize,
    /// Whether something forbidden is still to be put in.
    pub(super) to_forbid: bool,
    /// What was put in.
    pub(super) forbidden: Option<String>,
    names: usize,
}

/// What is visible, kept aside while something is written that sees less.
pub(super) struct Aside {
    barrier: usize,
    groups: Option<Vec<(Type, Tree)>>,
}

impl Author {
    pub(super) fn new(engine: Engine, mut prng: Prng) -> Self {
        let fuel = 6 + prng.below(22);
        let to_forbid = prng.chance(6);
        Self {
            engine,
            prng,
            froms: Vec::new(),
            barrier: 0,
            ctes: Vec::new(),
            groups: None,
            fuel,
            to_forbid,
            forbidden: None,
            names: 0,
        }
    }

    /// A name that nobody has yet.
    pub(super) fn name(&mut self, letter: char) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    /// Takes of the fuel; false when there is none.
    pub(super) const fn burn(&mut self) -> bool {
        let some = self.fuel > 0;
        self.fuel = self.fuel.saturating_sub(1);
        some
    }

    /// Columns of a type that are visible here, inner ones last.
    pub(super) fn fields(&self, gives: Type) -> Vec<String> {
        let visible = self.froms.iter().skip(self.barrier).flatten().flat_map(|source| &source.fields);
        visible.filter(|field| field.gives == gives).map(|field| field.text.clone()).collect()
    }

    /// Tables that hold others' rows and are visible here, with their prefixes.
    pub(super) fn held(&self) -> Vec<(Held, String)> {
        let visible = self.froms.iter().skip(self.barrier).flatten();
        visible.filter_map(|source| source.held.map(|held| (held, source.prefix.clone()))).collect()
    }

    /// From here on nothing outside is visible.
    pub(super) fn alone(&mut self) -> Aside {
        self.hide(self.froms.len())
    }

    /// From here on nothing but the innermost FROM is visible.
    pub(super) fn innermost(&mut self) -> Aside {
        self.hide(self.froms.len().saturating_sub(1))
    }

    /// From here on what is visible is so row by row: of groups nothing is.
    pub(super) fn inside(&mut self) -> Aside {
        let barrier = if self.groups.is_some() { self.froms.len() } else { self.barrier };
        self.hide(barrier)
    }

    /// The same visible, and rows again instead of groups.
    pub(super) fn ungroup(&mut self) -> Aside {
        self.hide(self.barrier)
    }

    fn hide(&mut self, barrier: usize) -> Aside {
        let aside = Aside { barrier: self.barrier, groups: self.groups.take() };
        self.barrier = barrier;
        aside
    }

    pub(super) fn back(&mut self, aside: Aside) {
        self.barrier = aside.barrier;
        self.groups = aside.groups;
    }

    /// A type for a column.
    pub(super) fn a_type(&mut self) -> Type {
        *self.prng.pick(&[Type::Int, Type::Int, Type::Text, Type::Text, Type::Num])
    }

    /// Whether it is a certain engine.
    pub(super) fn is(&self, engine: Engine) -> bool {
        self.engine == engine
    }

    /// Texts of MariaDB under one collation that tells all of them apart: of those that it takes for the same, which one
    /// stands for a group would depend on the order of rows.
    pub(super) fn distinguished(&self, gives: Type, tree: Tree) -> Tree {
        if gives != Type::Text || self.engine != Engine::Mariadb {
            return tree;
        }
        Tree::Node(Sort::Expr(gives), vec!["convert(".into(), tree, " USING utf8mb4) COLLATE utf8mb4_bin".into()])
    }
}

/// How a table's rows are told of.
pub(super) fn held_of(table: &str) -> Option<Held> {
    HELD.into_iter().find(|held| held.name == table)
}

/// An expression of several parts.
pub(super) fn expr(gives: Type, parts: Vec<Tree>) -> Tree {
    Tree::Node(Sort::Expr(gives), parts)
}

/// A column or a literal: nothing that brackets are needed for.
pub(super) fn atom(gives: Type, text: impl Into<String>) -> Tree {
    Tree::Node(Sort::Expr(gives), vec![Tree::from(text.into())])
}

/// Whether it is one.
pub(super) fn is_atom(tree: &Tree) -> bool {
    matches!(tree, Tree::Node(Sort::Expr(_), parts) if matches!(parts.as_slice(), [Tree::Text(_)]))
}
