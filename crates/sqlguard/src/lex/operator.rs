//! Operators and punctuation.

use super::Lexer;
use crate::{Dialect, Refusal};
use sqlparser::tokenizer::Token;

impl Lexer<'_> {
    pub(super) fn operator(&mut self) -> Result<Token, Refusal> {
        let Some(first) = self.peek() else { return self.refuse("the statement ends too early") };
        let comment = self.rest.starts_with("/*")
            || (first == '#' && self.dialect == Dialect::Mysql)
            || (self.rest.starts_with("--") && self.is_line_comment());
        if comment {
            return self.refuse("comments are not allowed");
        }
        let token = match first {
            ',' => Token::Comma,
            '(' => Token::LParen,
            ')' => Token::RParen,
            '.' => Token::Period,
            ';' => Token::SemiColon,
            '[' if self.dialect == Dialect::Postgres => Token::LBracket,
            ']' if self.dialect == Dialect::Postgres => Token::RBracket,
            ':' if self.dialect == Dialect::Postgres && self.rest.starts_with("::") => {
                self.take(2);
                return Ok(Token::DoubleColon);
            }
            ':' if self.dialect == Dialect::Postgres && !self.rest.starts_with(":=") => Token::Colon,
            _ => return self.symbols(),
        };
        self.take(1);
        Ok(token)
    }

    /// In MariaDB and MySQL `--` begins a comment only before a blank or the end: `1--1` is 2.
    fn is_line_comment(&self) -> bool {
        let third = self.rest.chars().nth(2);
        self.dialect != Dialect::Mysql || third.is_none_or(|letter| letter.is_whitespace() || letter.is_control())
    }

    fn symbols(&mut self) -> Result<Token, Refusal> {
        let run = match self.dialect {
            Dialect::Postgres => self.postgres_run(),
            Dialect::Mysql => longest(self.rest, MYSQL),
            Dialect::Sqlite => longest(self.rest, SQLITE),
        };
        let found = match self.dialect {
            Dialect::Postgres => named(run, POSTGRES),
            Dialect::Mysql => named(run, MYSQL),
            Dialect::Sqlite => named(run, SQLITE),
        };
        let Some(token) = found else {
            return match run {
                "" => self.refuse("this character is not allowed here"),
                _ => self.refuse(format!("there is no operator {run} here: if it is two, put a blank between them")),
            };
        };
        match run {
            "||" if self.dialect == Dialect::Mysql => self.refuse("|| is not allowed: write concat(…) or OR"),
            _ => {
                self.take(run.chars().count());
                Ok(token())
            }
        }
    }

    /// PostgreSQL takes as many symbols as it can; `+` and `-` at the end only after one of the rarer symbols.
    fn postgres_run(&self) -> &str {
        let symbol = |letter: &char| "+-*/<>=~!@#%^&|`?".contains(*letter);
        let count = self.rest.chars().take_while(symbol).count();
        let mut run = self.rest.get(..count).unwrap_or_default();
        for comment in ["--", "/*"] {
            if let Some((before, _)) = run.split_once(comment) {
                run = before;
            }
        }
        while run.len() > 1
            && run.ends_with(['+', '-'])
            && !run.contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?'])
        {
            run = run.get(..run.len() - 1).unwrap_or_default();
        }
        run
    }
}

type Named = (&'static str, fn() -> Token);

fn longest<'a>(rest: &'a str, operators: &[Named]) -> &'a str {
    let matching = operators.iter().map(|(text, _)| *text).filter(|text| rest.starts_with(text));
    let length =
        matching.map(str::len).max().or_else(|| rest.chars().next().filter(char::is_ascii_punctuation).map(|_| 1));
    rest.get(..length.unwrap_or_default()).unwrap_or_default()
}

fn named(run: &str, operators: &[Named]) -> Option<fn() -> Token> {
    operators.iter().find(|(text, _)| *text == run).map(|&(_, token)| token)
}

const POSTGRES: &[Named] = &[
    ("+", || Token::Plus),
    ("-", || Token::Minus),
    ("*", || Token::Mul),
    ("/", || Token::Div),
    ("%", || Token::Mod),
    ("^", || Token::Caret),
    ("=", || Token::Eq),
    ("<>", || Token::Neq),
    ("!=", || Token::Neq),
    ("<", || Token::Lt),
    ("<=", || Token::LtEq),
    (">", || Token::Gt),
    (">=", || Token::GtEq),
    ("||", || Token::StringConcat),
    ("&", || Token::Ampersand),
    ("|", || Token::Pipe),
    ("#", || Token::Sharp),
    ("~", || Token::Tilde),
    ("<<", || Token::ShiftLeft),
    (">>", || Token::ShiftRight),
    ("~*", || Token::TildeAsterisk),
    ("!~", || Token::ExclamationMarkTilde),
    ("!~*", || Token::ExclamationMarkTildeAsterisk),
    ("~~", || Token::DoubleTilde),
    ("~~*", || Token::DoubleTildeAsterisk),
    ("!~~", || Token::ExclamationMarkDoubleTilde),
    ("!~~*", || Token::ExclamationMarkDoubleTildeAsterisk),
    ("->", || Token::Arrow),
    ("->>", || Token::LongArrow),
    ("#>", || Token::HashArrow),
    ("#>>", || Token::HashLongArrow),
    ("#-", || Token::HashMinus),
    ("@>", || Token::AtArrow),
    ("<@", || Token::ArrowAt),
    ("@?", || Token::AtQuestion),
    ("@@", || Token::AtAt),
    ("?", || Token::Question),
    ("?&", || Token::QuestionAnd),
    ("?|", || Token::QuestionPipe),
    ("&&", || Token::Overlap),
    ("^@", || Token::CaretAt),
    ("<->", || Token::TwoWayArrow),
    ("=>", || Token::RArrow),
];

const MYSQL: &[Named] = &[
    ("+", || Token::Plus),
    ("-", || Token::Minus),
    ("*", || Token::Mul),
    ("/", || Token::Div),
    ("%", || Token::Mod),
    ("^", || Token::Caret),
    ("=", || Token::Eq),
    ("<>", || Token::Neq),
    ("!=", || Token::Neq),
    ("<", || Token::Lt),
    ("<=", || Token::LtEq),
    (">", || Token::Gt),
    (">=", || Token::GtEq),
    ("<=>", || Token::Spaceship),
    ("||", || Token::StringConcat),
    ("&&", || Token::make_word("AND", None)),
    ("&", || Token::Ampersand),
    ("|", || Token::Pipe),
    ("~", || Token::Tilde),
    ("<<", || Token::ShiftLeft),
    (">>", || Token::ShiftRight),
    ("->", || Token::Arrow),
    ("->>", || Token::LongArrow),
];

const SQLITE: &[Named] = &[
    ("+", || Token::Plus),
    ("-", || Token::Minus),
    ("*", || Token::Mul),
    ("/", || Token::Div),
    ("%", || Token::Mod),
    ("=", || Token::Eq),
    ("==", || Token::Eq),
    ("<>", || Token::Neq),
    ("!=", || Token::Neq),
    ("<", || Token::Lt),
    ("<=", || Token::LtEq),
    (">", || Token::Gt),
    (">=", || Token::GtEq),
    ("||", || Token::StringConcat),
    ("&", || Token::Ampersand),
    ("|", || Token::Pipe),
    ("~", || Token::Tilde),
    ("<<", || Token::ShiftLeft),
    (">>", || Token::ShiftRight),
    ("->", || Token::Arrow),
    ("->>", || Token::LongArrow),
];
