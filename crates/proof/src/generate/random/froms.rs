//! FROM.

use super::author::{Author, Field, Source, held_of};
use super::functions;
use crate::engine::Engine;
use crate::fixture::{self, Type as Kind};
use crate::generate::tree::{Sort, Tree, Type, node};

/// Other spellings of a table's name, `{r}`.
const fn spellings(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Postgres => &["app.{r}", "\"{r}\"", "\"app\".\"{r}\"", "app . {r}", "APP.{r}"],
        Engine::Mariadb => &["`{r}`", "`app`.{r}", "`app`.`{r}`", "`app` . {r}"],
        Engine::Sqlite => &["main.{r}", "\"{r}\"", "[{r}]", "MAIN.{r}", "\"main\".\"{r}\"", "`{r}`"],
    }
}

const TABLES: [&str; 8] = ["orders", "regions", "items", "accounts", "devices", "tickets", "notes", "events"];

impl Author {
    /// FROM with its tables, whose columns are visible from now on.
    pub(super) fn from(&mut self) -> Tree {
        let count = match self.prng.below(100) {
            0..5 => return Tree::nothing(),
            5..50 => 1,
            50..84 => 2,
            _ => 3,
        };
        let mut tree = node![" FROM ", self.source()];
        if count > 1 && self.prng.chance(18) {
            for _ in 1..count {
                let lateral = self.lateral();
                let source = match lateral {
                    Some(lateral) => lateral,
                    None => self.source(),
                };
                tree = node![tree, ", ", source];
            }
            return tree;
        }
        for number in 1..count {
            if !self.burn() {
                break;
            }
            let join = self.join(number);
            tree = node![tree, join];
        }
        tree
    }

    /// FROM with one table that has rows enough to choose from.
    pub(super) fn one_source(&mut self) -> Tree {
        node![" FROM ", self.base_table()]
    }

    fn join(&mut self, number: usize) -> Tree {
        if number == 1
            && self.prng.chance(10)
            && let Some(tree) = self.common_columns()
        {
            return tree;
        }
        if self.prng.chance(12)
            && let Some(lateral) = self.lateral()
        {
            return match self.prng.below(2) {
                0 => node![Sort::Plain; " CROSS JOIN ", lateral],
                _ => {
                    let condition = self.expr(Type::Bool);
                    node![" LEFT JOIN ", lateral, " ON ", condition]
                }
            };
        }
        match self.prng.below(10) {
            0 => node![" CROSS JOIN ", self.source()],
            1 if self.engine != Engine::Mariadb => {
                let left = self.fields_of_innermost(Type::Int);
                let source = self.source();
                let right = self.last_fields(Type::Int);
                let condition = self.equality(&left, &right);
                node![" FULL JOIN ", source, " ON ", condition]
            }
            2 => self.nested(),
            number => {
                let word = match number {
                    3 | 4 => " LEFT JOIN ",
                    5 => " RIGHT JOIN ",
                    6 => " INNER JOIN ",
                    _ => " JOIN ",
                };
                let left = self.fields_of_innermost(Type::Int);
                let source = self.source();
                let condition = if self.prng.chance(45) {
                    let right = self.last_fields(Type::Int);
                    self.equality(&left, &right)
                } else {
                    self.expr(Type::Bool)
                };
                node![word, source, " ON ", condition]
            }
        }
    }

    /// `LEFT JOIN (b JOIN c ON …) ON …`: inside, what stands outside is not visible.
    fn nested(&mut self) -> Tree {
        let outside = self.froms.last_mut().map(std::mem::take).unwrap_or_default();
        let first = self.source();
        let second = self.source();
        let aside = self.innermost();
        let inner = self.expr(Type::Bool);
        self.back(aside);
        if let Some(from) = self.froms.last_mut() {
            from.splice(0..0, outside);
        }
        let condition = self.expr(Type::Bool);
        let word = *self.prng.pick(&[" LEFT JOIN (", " JOIN (", " RIGHT JOIN ("]);
        node![word, first, " JOIN ", second, " ON ", inner, ") ON ", condition]
    }

    /// `JOIN t USING (id)`, or NATURAL where the common columns are of one type.
    fn common_columns(&mut self) -> Option<Tree> {
        let first = self.froms.last().and_then(|from| from.first()).and_then(|source| source.table)?;
        let source = self.base_table();
        let second = self.froms.last().and_then(|from| from.last()).and_then(|source| source.table)?;
        let word = *self.prng.pick(&[" JOIN ", " LEFT JOIN "]);
        if self.prng.chance(40) && alike(first, second) {
            return Some(node![" NATURAL", word, source]);
        }
        Some(node![word, source, " USING (id)"])
    }

    /// Something to read from.
    pub(super) fn source(&mut self) -> Tree {
        if !self.burn() {
            return self.base_table();
        }
        match self.prng.below(100) {
            0..16 => self.derived(),
            16..30 if !self.ctes.is_empty() => self.cte_source(),
            30..36 => match self.table_function() {
                Some(call) => call,
                None => self.base_table(),
            },
            _ => self.base_table(),
        }
    }

    /// One of the fixture's tables, in one of its spellings.
    pub(super) fn base_table(&mut self) -> Tree {
        let name = *self.prng.pick(&TABLES);
        // A query of WITH has its name here.
        let taken = self.ctes.iter().any(|cte| cte.name == name);
        let spelled = if taken || self.prng.chance(15) {
            let spellings = spellings(self.engine);
            let with_schema = |spelling: &&str| !taken || spelling.contains('.');
            let usable: Vec<&str> = spellings.iter().copied().filter(with_schema).collect();
            self.prng.pick(&usable).replace("{r}", name)
        } else {
            name.to_owned()
        };
        let alias = self.name('a');
        let prefix = format!("{alias}.");
        let fields = fields(self.engine, name, &prefix);
        self.add(Source { prefix, fields, held: held_of(name), table: Some(name) });
        let word = *self.prng.pick(&[" ", " AS "]);
        node![format!("{spelled}{word}{alias}")]
    }

    fn derived(&mut self) -> Tree {
        let gives = self.a_row();
        let query = self.query_apart(&gives);
        let alias = self.enter(&gives);
        node!["(", query, format!(") {alias}")]
    }

    /// A query in FROM that sees what stands in front of it.
    fn lateral(&mut self) -> Option<Tree> {
        if !self.is(Engine::Postgres) || !self.prng.chance(40) || !self.burn() {
            return None;
        }
        let gives = self.a_row();
        let query = self.query_beside(&gives);
        let alias = self.enter(&gives);
        Some(node!["LATERAL (", query, format!(") {alias}")])
    }

    fn cte_source(&mut self) -> Tree {
        let ctes = self.ctes.clone();
        let cte = self.prng.pick(&ctes).clone();
        let alias = self.enter(&cte.gives);
        node![format!("{} {alias}", cte.name)]
    }

    fn table_function(&mut self) -> Option<Tree> {
        let functions = functions::tables(self.engine);
        if functions.is_empty() {
            return None;
        }
        let (call, behind, column, gives) = *self.prng.pick(functions);
        let aside = self.alone();
        let call = self.filled(gives, call);
        self.back(aside);
        let alias = self.name('f');
        let prefix = format!("{alias}.");
        let field = Field { text: format!("{prefix}{column}"), gives };
        self.add(Source { prefix, fields: vec![field], held: None, table: None });
        Some(node![call, format!(" AS {alias}{behind}")])
    }

    fn a_row(&mut self) -> Vec<Type> {
        let mut gives = Vec::new();
        for _ in 0..1 + self.prng.below(3) {
            let one = self.a_type();
            gives.push(one);
        }
        gives
    }

    /// Makes the columns of a query visible under a new alias.
    fn enter(&mut self, gives: &[Type]) -> String {
        let alias = self.name('d');
        let prefix = format!("{alias}.");
        let field = |(number, gives): (usize, &Type)| Field { text: format!("{prefix}c{number}"), gives: *gives };
        let fields = (1..).zip(gives).map(field).collect();
        self.add(Source { prefix: prefix.clone(), fields, held: None, table: None });
        alias
    }

    fn add(&mut self, source: Source) {
        if let Some(from) = self.froms.last_mut() {
            from.push(source);
        }
    }

    fn fields_of_innermost(&mut self, gives: Type) -> Vec<String> {
        let aside = self.innermost();
        let fields = self.fields(gives);
        self.back(aside);
        fields
    }

    fn last_fields(&self, gives: Type) -> Vec<String> {
        let last = self.froms.last().and_then(|from| from.last());
        let fields = last.into_iter().flat_map(|source| &source.fields);
        fields.filter(|field| field.gives == gives).map(|field| field.text.clone()).collect()
    }

    /// All columns of the innermost FROM: rows that are the same in all of them are the same to whoever asks.
    pub(super) fn total_order(&mut self) -> Vec<Tree> {
        let aside = self.innermost();
        let mut all = self.fields(Type::Int);
        all.extend(self.fields(Type::Text));
        all.extend(self.fields(Type::Num));
        self.back(aside);
        all.into_iter().map(Tree::from).collect()
    }
}

/// The columns of a table.
fn fields(engine: Engine, name: &str, prefix: &str) -> Vec<Field> {
    let tables = fixture::columns();
    let columns = tables.iter().find(|(table, _)| *table == name).map(|(_, columns)| columns.as_slice());
    let field = |(column, kind): &(&str, Kind)| match kind {
        Kind::Int => Field { text: format!("{prefix}{column}"), gives: Type::Int },
        Kind::Uuid if engine == Engine::Postgres => {
            Field { text: format!("{prefix}{column}::text"), gives: Type::Text }
        }
        Kind::Text | Kind::Uuid => Field { text: format!("{prefix}{column}"), gives: Type::Text },
    };
    columns.unwrap_or_default().iter().map(field).collect()
}

/// Whether columns of one name are of one type in both tables.
fn alike(first: &str, second: &str) -> bool {
    let tables = fixture::columns();
    let of = |name: &str| tables.iter().find(|(table, _)| *table == name).map(|(_, columns)| columns.clone());
    let (Some(first), Some(second)) = (of(first), of(second)) else { return false };
    first.iter().all(|(name, kind)| second.iter().all(|(other, its)| name != other || kind == its))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_the_fixtures() {
        let names: Vec<&str> = fixture::columns().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, TABLES);
    }
}
