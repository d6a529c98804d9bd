//! From tokens to pieces: text, places, optional clauses.

use crate::definition::{Engine, Snippets};
use crate::error::QueryError;
use crate::identifier::is_name;
use crate::lexer::{Spot, Token, error, tokens};

/// How deep snippets may name snippets.
const DEEPEST: usize = 8;
/// The longest SQL with its snippets, in bytes.
const LONGEST: usize = 256 * 1024;

/// A piece of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// SQL as the author wrote it.
    Text(String),
    /// A parameter.
    Place { name: String, part: Part },
    /// A clause that is there when all its places have a value.
    Optional(Vec<Piece>),
}

/// Which part of a parameter's value a place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Start,
    End,
}

/// Reads a template as one engine does.
pub(crate) fn parse(text: &str, snippets: &Snippets, engine: Engine) -> Result<Vec<Piece>, QueryError> {
    let mut reader = Reader { snippets, engine, bytes: 0, ended: false };
    let pieces = reader.read(text, &mut Vec::new())?;
    if pieces.iter().all(|piece| matches!(piece, Piece::Text(text) if text.trim().is_empty())) {
        return Err(error(text, 0, "write a query"));
    }
    Ok(pieces)
}

struct Reader<'s> {
    snippets: &'s Snippets,
    engine: Engine,
    bytes: usize,
    /// A `;` was seen: only blanks and comments may follow.
    ended: bool,
}

impl<'s> Reader<'s> {
    fn read(&mut self, text: &str, within: &mut Vec<&'s str>) -> Result<Vec<Piece>, QueryError> {
        self.bytes += text.len();
        if self.bytes > LONGEST {
            return Err(error(text, 0, "the query with its snippets is longer than 256 KiB"));
        }
        let mut pieces = Vec::new();
        let mut clause: Option<(usize, Vec<Piece>)> = None;
        for (at, token) in tokens(text, self.engine)? {
            if self.ended && !token.is_blank() {
                return Err(error(text, at, "write one statement; nothing may follow the ;"));
            }
            let current = clause.as_mut().map_or(&mut pieces, |(_, inside)| inside);
            match token {
                Token::Text(plain) => current.push(Piece::Text(plain.to_owned())),
                Token::Comment => current.push(Piece::Text(" ".to_owned())),
                Token::Semicolon => self.ended = true,
                Token::Place(inside) => {
                    let found = self.place(text, (at, Token::Place(inside)), inside, within)?;
                    current.extend(found);
                }
                Token::Open if clause.is_some() => {
                    return Err(error(text, at, "optional clauses [[ … ]] do not nest"));
                }
                Token::Open => clause = Some((at, Vec::new())),
                Token::Close => {
                    let Some((start, inside)) = clause.take() else {
                        return Err(error(text, at, "]] has no [[; an array's brackets need a blank between them"));
                    };
                    if !inside.iter().any(|piece| matches!(piece, Piece::Place { .. })) {
                        let message =
                            "an optional clause needs a {{name}} in it; an array's brackets need a blank between them";
                        return Err(error(text, start, message));
                    }
                    pieces.push(Piece::Optional(inside));
                }
            }
        }
        match clause {
            Some((start, _)) => Err(error(text, start, "[[ has no ]]")),
            None => Ok(pieces),
        }
    }

    fn place(
        &mut self,
        text: &str,
        (at, _): Spot<'_>,
        inside: &str,
        within: &mut Vec<&'s str>,
    ) -> Result<Vec<Piece>, QueryError> {
        if let Some(name) = inside.strip_prefix("snippet:").map(str::trim) {
            return self.snippet(text, at, name, within);
        }
        let (name, part) = match inside.rsplit_once('.') {
            Some((name, "start")) => (name, Part::Start),
            Some((name, "end")) => (name, Part::End),
            _ => (inside, Part::Whole),
        };
        if !is_name(name) {
            let message =
                "write {{name}} with letters, digits and _, {{name.start}}, {{name.end}} or {{snippet: name}}";
            return Err(error(text, at, message));
        }
        Ok(vec![Piece::Place { name: name.to_owned(), part }])
    }

    fn snippet(
        &mut self,
        text: &str,
        at: usize,
        name: &str,
        within: &mut Vec<&'s str>,
    ) -> Result<Vec<Piece>, QueryError> {
        let Some((name, snippet)) = self.snippets.get_key_value(name) else {
            return Err(error(text, at, "there is no such snippet"));
        };
        if within.contains(&name.as_str()) || within.len() >= DEEPEST {
            return Err(error(text, at, "snippets name each other in a circle, or too deeply"));
        }
        within.push(name);
        let pieces =
            self.read(snippet, within).map_err(|inner| error(text, at, format!("in the snippet \"{name}\": {inner}")));
        within.pop();
        if self.ended {
            return Err(error(text, at, "a snippet must not hold a ;"));
        }
        pieces
    }
}

impl Token<'_> {
    fn is_blank(&self) -> bool {
        match self {
            Token::Comment => true,
            Token::Text(text) => text.trim().is_empty(),
            Token::Place(_) | Token::Open | Token::Close | Token::Semicolon => false,
        }
    }
}
