//! The finished SQL is read again, as the engine will read it: nothing may have come into being where two pieces met.

use crate::definition::Engine;
use crate::error::QueryError;
use crate::lexer::{Reading, Token, error, tokens};
use crate::quoted;

/// Checks that the text is one statement without comments, and has its places in order and each as code.
pub(crate) fn verify(sql: &str, binds: usize, engine: Engine) -> Result<(), QueryError> {
    let met = || error("", 0, "pieces of the SQL run into each other: put blanks around {{ }} and [[ ]]");
    let mut places = 0;
    let mut after_place = false;
    for (_, token) in tokens(sql, engine, Reading::Finished).map_err(|_| met())? {
        let sound = match &token {
            Token::Bind(number) => {
                places += 1;
                let numbered = match engine {
                    Engine::Mysql => number.is_none(),
                    Engine::Postgres | Engine::Sqlite => *number == Some(places.to_string().as_str()),
                };
                numbered && !after_place
            }
            Token::Code(code) => !(after_place && code.starts_with(quoted::continues_name)),
            Token::Literal(_) => !after_place,
            Token::Comment | Token::Semicolon | Token::Place(_) | Token::Open | Token::Close => false,
        };
        if !sound {
            return Err(met());
        }
        after_place = matches!(token, Token::Bind(_));
    }
    if places == binds { Ok(()) } else { Err(met()) }
}

/// Whether two characters that stood apart in the template would be read together.
pub(crate) fn fuse(before: char, after: char, engine: Engine) -> bool {
    let quote = |c: char| matches!(c, '\'' | '"' | '`');
    let word = |c: char| quoted::continues_name(c) || quote(c);
    let operator =
        |c: char| c.is_ascii_punctuation() && !word(c) && !matches!(c, '(' | ')' | ',' | '.' | '[' | ']' | ';');
    (word(before) && (word(after) || after == '?'))
        || (operator(before) && operator(after))
        // Characters that begin a name, a variable, a place or an escape.
        || (matches!(before, '@' | '&' | ':' | '#' | '\\' | '?') && word(after))
        || breaks_driver(before, after, engine)
}

/// The MySQL driver's own reader of `:name` loses a quote that stands right after one of these, and takes what is in
/// the literal for code.
pub(crate) fn breaks_driver(before: char, after: char, engine: Engine) -> bool {
    engine == Engine::Mysql && matches!(before, '-' | '/') && matches!(after, '\'' | '"' | '`')
}
