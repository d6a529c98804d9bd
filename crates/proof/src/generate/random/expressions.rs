//! Expressions.

use super::author::{Author, atom, expr, is_atom};
use super::functions::{self, Template};
use crate::engine::Engine;
use crate::generate::tree::{Tree, Type};

const INTS: &[&str] = &["0", "1", "2", "3", "5", "7", "10", "20", "30", "46", "777", "(-4)"];
const NUMS: &[&str] = &["1.5", "0.25", "10.0", "(-2.5)"];
const TEXTS: &[&str] = &["nord", "1", "2", "CANARY-A-1", "", "a", "A", "zz", "mail", "%n%"];

impl Author {
    /// An expression of a type.
    pub(super) fn expr(&mut self, gives: Type) -> Tree {
        if gives == Type::Bool {
            return self.condition();
        }
        if self.to_forbid && self.prng.chance(30) {
            return self.forbidden(gives);
        }
        if !self.burn() {
            return self.leaf(gives);
        }
        match self.prng.below(100) {
            0..30 => self.leaf(gives),
            30..62 => self.templated(gives),
            62..74 if gives == Type::Text => self.call(),
            62..74 => self.templated(gives),
            74..84 => self.scalar_query(gives),
            84..90 => self.case(gives),
            90..96 if gives == Type::Int => self.careful().unwrap_or_else(|| self.leaf(gives)),
            _ => self.leaf(gives),
        }
    }

    /// A column or a literal; over groups a key or an aggregate.
    pub(super) fn leaf(&mut self, gives: Type) -> Tree {
        if let Some(keys) = &self.groups {
            let keys: Vec<Tree> = keys.iter().filter(|(its, _)| *its == gives).map(|(_, key)| key.clone()).collect();
            return match self.prng.below(10) {
                0..4 if !keys.is_empty() => self.prng.pick(&keys).clone(),
                0..9 if gives != Type::Bool => self.aggregate(gives),
                _ => self.literal(gives),
            };
        }
        let fields = self.fields(gives);
        if fields.is_empty() || self.prng.chance(15) {
            return self.literal(gives);
        }
        // Inner ones are the more likely.
        let from = if self.prng.chance(60) { fields.len() * 2 / 3 } else { 0 };
        let near = fields.get(from..).unwrap_or(&fields);
        atom(gives, self.prng.pick(near).clone())
    }

    pub(super) fn literal(&mut self, gives: Type) -> Tree {
        let postgres = self.is(Engine::Postgres);
        if self.prng.chance(3) {
            let null = match (gives, postgres) {
                (_, false) => "NULL",
                (Type::Int, true) => "NULL::int",
                (Type::Num, true) => "NULL::numeric",
                (Type::Text, true) => "NULL::text",
                (Type::Bool, true) => "NULL::bool",
            };
            return atom(gives, null);
        }
        match gives {
            Type::Int => atom(gives, *self.prng.pick(INTS)),
            Type::Num => atom(gives, *self.prng.pick(NUMS)),
            Type::Text if postgres => atom(gives, format!("'{}'::text", self.prng.pick(TEXTS))),
            Type::Text => atom(gives, format!("'{}'", self.prng.pick(TEXTS))),
            Type::Bool => atom(gives, *self.prng.pick(&["(1 = 1)", "(1 = 0)"])),
        }
    }

    /// An operand: what needs brackets has some, mostly. Without, the engine and the guard must read it the same way.
    pub(super) fn operand(&mut self, gives: Type) -> Tree {
        let tree = self.expr(gives);
        self.bracketed(gives, tree)
    }

    pub(super) fn bracketed(&mut self, gives: Type, tree: Tree) -> Tree {
        if is_atom(&tree) || self.prng.chance(3) { tree } else { expr(gives, vec!["(".into(), tree, ")".into()]) }
    }

    /// One of the functions and operators, with other expressions in its holes.
    pub(super) fn templated(&mut self, gives: Type) -> Tree {
        let fitting: Vec<&Template> =
            functions::honest(self.engine).iter().filter(|template| template.gives == gives).collect();
        let text = self.prng.pick(&fitting).text;
        self.filled(gives, text)
    }

    /// One of all calls of all functions, over columns and literals.
    fn call(&mut self) -> Tree {
        let calls = functions::calls(self.engine);
        let text = *self.prng.pick(calls);
        let call = self.filled(Type::Text, text);
        match self.engine {
            Engine::Postgres => expr(Type::Text, vec!["(".into(), call, ")::text".into()]),
            Engine::Mariadb => expr(Type::Text, vec!["CAST(".into(), call, " AS char)".into()]),
            Engine::Sqlite => expr(Type::Text, vec!["CAST(".into(), call, " AS text)".into()]),
        }
    }

    /// An aggregate of the innermost FROM. What is outside would make it the outer query's.
    pub(super) fn aggregate(&mut self, gives: Type) -> Tree {
        let aside = self.innermost();
        let fitting: Vec<&Template> =
            functions::aggregates(self.engine).iter().filter(|template| template.gives == gives).collect();
        let text = self.prng.pick(&fitting).text;
        let tree = self.filled(gives, text);
        self.back(aside);
        tree
    }

    /// The text with something in each of its holes; `{1}` is what stands in the first one.
    pub(super) fn filled(&mut self, gives: Type, text: &'static str) -> Tree {
        let (mut parts, mut rest) = (Vec::new(), text);
        let mut given: Vec<Tree> = Vec::new();
        while let Some(at) = rest.find('{') {
            let (before, hole) = rest.split_at(at);
            let end = hole.find('}').map_or(hole.len(), |end| end + 1);
            let (hole, behind) = hole.split_at(end);
            let number = hole.trim_matches(['{', '}']).parse::<usize>().ok();
            let value = match hole {
                "{i}" => self.operand(Type::Int),
                "{n}" => self.operand(Type::Num),
                "{t}" => self.operand(Type::Text),
                "{b}" => self.operand(Type::Bool),
                "{ci}" => self.leaf(Type::Int),
                "{ct}" => self.leaf(Type::Text),
                _ => match number.and_then(|number| given.get(number.checked_sub(1)?)) {
                    Some(same) => same.clone(),
                    // Brackets of the text itself, as in a JSON literal: what is inside may hold holes too.
                    None => {
                        let (bracket, inside) = rest.split_at(at + 1);
                        parts.push(bracket.into());
                        rest = inside;
                        continue;
                    }
                },
            };
            parts.push(before.into());
            given.push(value.clone());
            parts.push(value);
            rest = behind;
        }
        parts.push(rest.into());
        expr(gives, parts)
    }

    fn case(&mut self, gives: Type) -> Tree {
        let mut parts: Vec<Tree> = Vec::new();
        if self.prng.chance(30) {
            parts.extend(["CASE ".into(), self.operand(Type::Int)]);
            parts.extend([" WHEN ".into(), self.operand(Type::Int), " THEN ".into(), self.operand(gives)]);
        } else {
            parts.push("CASE".into());
            for _ in 0..1 + self.prng.below(2) {
                parts.extend([" WHEN ".into(), self.operand(Type::Bool), " THEN ".into(), self.operand(gives)]);
            }
        }
        parts.extend([" ELSE ".into(), self.operand(gives), " END".into()]);
        expr(gives, parts)
    }
}
