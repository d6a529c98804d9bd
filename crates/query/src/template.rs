//! From tokens to pieces: text, places, optional clauses.

use crate::definition::{Engine, Snippets};
use crate::error::QueryError;
use crate::finished::breaks_driver;
use crate::identifier::is_name;
use crate::lexer::{Reading, Token, error, tokens};

/// How deep snippets may name snippets.
const DEEPEST: usize = 8;
/// The longest SQL with its snippets, in bytes.
const LONGEST: usize = 256 * 1024;

/// A piece of a template. Pieces are never read together: where two meet, a blank parts what would fuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// SQL as the author wrote it, without comments.
    Text(String),
    /// A parameter.
    Place { name: String, part: Part },
    /// A clause that is there when all its places have a value. Holds no other clause.
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
    let mut reader = Reader { snippets, engine, bytes: 0, ended: false, within: Vec::new() };
    let pieces = reader.read(text, false)?;
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
    /// The snippets that are being read.
    within: Vec<&'s str>,
}

/// An optional clause that is open: where it began, the pieces so far, how many brackets were open before.
struct Clause {
    at: usize,
    pieces: Vec<Piece>,
    brackets: usize,
}

impl Reader<'_> {
    /// Reads the template or a snippet; `in_clause` when the snippet stands in an optional clause.
    fn read(&mut self, text: &str, in_clause: bool) -> Result<Vec<Piece>, QueryError> {
        self.bytes += text.len();
        if self.bytes > LONGEST {
            return Err(error(text, 0, "the query with its snippets is longer than 256 KiB"));
        }
        let mut pieces = Vec::new();
        let mut clause: Option<Clause> = None;
        let mut brackets = Brackets(Vec::new());
        let mut after_text = false;
        for (at, token) in tokens(text, self.engine, Reading::Template)? {
            if self.ended && !token.is_blank() {
                return Err(error(text, at, "write one statement; nothing may follow the ;"));
            }
            let nested = in_clause || clause.is_some();
            let is_text = matches!(token, Token::Code(_) | Token::Literal(_) | Token::Comment);
            let current = clause.as_mut().map_or(&mut pieces, |clause| &mut clause.pieces);
            match token {
                Token::Code(code) => {
                    let floor = clause.as_ref().map_or(0, |clause| clause.brackets);
                    brackets.count(text, at, code, floor)?;
                    let current = clause.as_mut().map_or(&mut pieces, |clause| &mut clause.pieces);
                    add_text(current, code, after_text, self.engine);
                }
                Token::Literal(literal) => add_text(current, literal, after_text, self.engine),
                Token::Comment => add_text(current, " ", after_text, self.engine),
                Token::Semicolon if nested || !self.within.is_empty() => {
                    return Err(error(text, at, "a ; may stand at the end of the query only"));
                }
                Token::Semicolon => self.ended = true,
                Token::Place(inside) => current.extend(self.place(text, at, inside, nested)?),
                Token::Open if nested => return Err(error(text, at, "optional clauses [[ … ]] do not nest")),
                Token::Open => clause = Some(Clause { at, pieces: Vec::new(), brackets: brackets.0.len() }),
                Token::Close => pieces.push(close(text, at, clause.take(), &brackets)?),
                Token::Bind(_) => return Err(error(text, at, "write values as {{name}}")),
            }
            after_text = is_text;
        }
        match (clause, brackets.0.last()) {
            (Some(clause), _) => Err(error(text, clause.at, "[[ has no ]]")),
            (None, Some((at, _))) => Err(error(text, *at, "a bracket is not closed")),
            (None, None) => Ok(pieces),
        }
    }

    fn place(&mut self, text: &str, at: usize, inside: &str, in_clause: bool) -> Result<Vec<Piece>, QueryError> {
        if let Some(name) = inside.strip_prefix("snippet:").map(str::trim) {
            return self.snippet(text, at, name, in_clause);
        }
        if inside.starts_with('#') {
            return Err(error(text, at, "a card cannot stand in another one: write its SQL, or make it a snippet"));
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

    fn snippet(&mut self, text: &str, at: usize, name: &str, in_clause: bool) -> Result<Vec<Piece>, QueryError> {
        let Some((name, snippet)) = self.snippets.get_key_value(name) else {
            return Err(error(text, at, "there is no such snippet"));
        };
        if self.within.contains(&name.as_str()) || self.within.len() >= DEEPEST {
            return Err(error(text, at, "snippets name each other in a circle, or too deeply"));
        }
        self.within.push(name);
        let pieces = self.read(snippet, in_clause);
        self.within.pop();
        pieces.map_err(|inner| error(text, at, format!("in the snippet \"{name}\": {inner}")))
    }
}

/// Puts text; right after other text of the same source it goes on with it, as it was read together.
fn add_text(pieces: &mut Vec<Piece>, text: &str, after_text: bool, engine: Engine) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) if after_text => {
            if before.chars().next_back().zip(text.chars().next()).is_some_and(|(b, a)| breaks_driver(b, a, engine)) {
                before.push(' ');
            }
            before.push_str(text);
        }
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

fn close(text: &str, at: usize, clause: Option<Clause>, brackets: &Brackets) -> Result<Piece, QueryError> {
    let Some(clause) = clause else {
        return Err(error(text, at, "]] has no [[; an array's brackets need a blank between them"));
    };
    if brackets.0.len() != clause.brackets {
        return Err(error(text, clause.at, "an optional clause must close each bracket that it opens"));
    }
    if !clause.pieces.iter().any(|piece| matches!(piece, Piece::Place { .. })) {
        let message = "an optional clause needs a {{name}} in it; an array's brackets need a blank between them";
        return Err(error(text, clause.at, message));
    }
    Ok(Piece::Optional(clause.pieces))
}

/// The brackets that are open, innermost last: SQL with and without a clause must have the same shape.
struct Brackets(Vec<(usize, char)>);

impl Brackets {
    /// Counts the brackets of a run of code; those that were open before the clause (`floor`) stay open.
    fn count(&mut self, text: &str, from: usize, code: &str, floor: usize) -> Result<(), QueryError> {
        for (offset, letter) in code.char_indices() {
            let closes = match letter {
                '(' | '[' => {
                    self.0.push((from + offset, letter));
                    continue;
                }
                ')' => '(',
                ']' => '[',
                _ => continue,
            };
            let inner = if self.0.len() > floor { self.0.pop() } else { None };
            if inner.is_none_or(|(_, opened)| opened != closes) {
                return Err(error(text, from + offset, "a bracket closes what is not open here"));
            }
        }
        Ok(())
    }
}

impl Token<'_> {
    fn is_blank(&self) -> bool {
        match self {
            Token::Comment => true,
            Token::Code(text) => text.trim().is_empty(),
            Token::Literal(_) | Token::Place(_) | Token::Open | Token::Close | Token::Semicolon | Token::Bind(_) => {
                false
            }
        }
    }
}
