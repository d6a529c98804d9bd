//! Types.

use super::{Lowered, Lowerer, Purpose};
use crate::functions;
use crate::lex::GEOMETRY;
use crate::tree::Type;
use sqlparser::ast;

impl Lowerer<'_> {
    /// A type that a value may be cast to.
    ///
    /// The parser's own spelling is taken apart instead of its hundred variants: whatever it holds beside a name of the
    /// list, one pair of brackets with numbers in it, and `[]` behind it, is refused.
    pub(super) fn kind(&mut self, kind: &ast::DataType) -> Lowered<Type> {
        let spelled = kind.to_string().to_lowercase();
        let mut name = spelled.as_str();
        let mut dimensions = 0;
        while let Some(element) = name.strip_suffix("[]") {
            (name, dimensions) = (element, dimensions + 1);
        }
        // These come as names in quotes: the parser would take them for the beginning of a literal.
        let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        name = inside.filter(|name| GEOMETRY.contains(name)).unwrap_or(name);
        let (plain, brackets) = apart(name);
        let known = functions::cast_type(self.dialect, &plain) || matches!(self.purpose, Purpose::ReadBack(_));
        if !known || !brackets || dimensions > 6 {
            return self.refuse(format!("the type \"{spelled}\" is not in the list of allowed types"));
        }
        if dimensions > 0 {
            self.only(&[crate::Dialect::Postgres], "a type of arrays")?;
        }
        Ok(Type { name: name.to_owned(), dimensions })
    }
}

/// The name without its length, and whether what stood in brackets is one or two numbers.
fn apart(name: &str) -> (String, bool) {
    let Some((before, rest)) = name.split_once('(') else { return (name.to_owned(), true) };
    let Some((inside, after)) = rest.split_once(')') else { return (name.to_owned(), false) };
    let numbers = inside.split(',').map(str::trim);
    let plain = numbers
        .clone()
        .all(|number| (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()));
    (format!("{}{after}", before.trim_end()), plain && numbers.count() <= 2)
}
