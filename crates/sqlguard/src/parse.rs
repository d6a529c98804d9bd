//! From tokens to the parser's tree: one statement that is a query.

use crate::lex::Lexed;
use crate::{Dialect, Refusal};
use sqlparser::ast;
use sqlparser::dialect::{self, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// How deep the parser may go; how deep an author may go is counted when the tree is lowered.
const DEEPEST: usize = 2000;

/// The only statement.
pub(crate) fn query(lexed: &Lexed, dialect: Dialect) -> Result<ast::Query, Refusal> {
    let dialect: &dyn dialect::Dialect = match dialect {
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Mysql => &MySqlDialect {},
        Dialect::Sqlite => &SQLiteDialect {},
    };
    let tokens = lexed.tokens.clone();
    let mut parser = Parser::new(dialect).with_recursion_limit(DEEPEST).with_tokens_with_locations(tokens);
    // Never the parser's door for any statement: EXPLAIN of EXPLAIN of EXPLAIN goes down without looking at the stack.
    let first = parser.peek_token();
    if !begins_query(&first.token) {
        return refuse_at(&first, "only reading is allowed: write SELECT");
    }
    let query = parser.parse_query().map_err(refusal)?;
    let next = parser.next_token();
    if next.token != Token::EOF {
        return refuse_at(&next, "this is not understood here");
    }
    Ok(*query)
}

fn refuse_at<T>(token: &TokenWithSpan, message: &str) -> Result<T, Refusal> {
    let place = |number: u64| u32::try_from(number).unwrap_or_default();
    let start = token.span.start;
    Err(Refusal::new(place(start.line), place(start.column), message))
}

fn begins_query(token: &Token) -> bool {
    match token {
        Token::LParen => true,
        Token::Word(word) => matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES),
        _ => false,
    }
}

/// The parser's words hold its own grammar and the author's token.
fn refusal(error: ParserError) -> Refusal {
    let text = match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text,
        ParserError::RecursionLimitExceeded => {
            return Refusal::new(0, 0, "this lies too deep in brackets: split it with WITH");
        }
    };
    let (words, place) = text.rsplit_once(" at Line: ").unwrap_or((&text, ""));
    let mut numbers = place.split(", Column: ").map(|number| number.trim().parse().unwrap_or_default());
    let (line, column) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    if words.starts_with("No infix parser") {
        return Refusal::new(line, column, "this is not understood here");
    }
    let words = words.strip_prefix("Expected").map_or_else(|| words.to_owned(), |rest| format!("expected{rest}"));
    Refusal::new(line, column, format!("this is not understood: {words}"))
}
