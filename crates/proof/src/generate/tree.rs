//! A statement as the tree from which it was made: so that one with a finding can be made smaller.

use std::borrow::Cow;

/// A part of a statement.
#[derive(Debug, Clone)]
pub enum Tree {
    /// Words.
    Text(Cow<'static, str>),
    /// Parts one after the other.
    Node(Sort, Vec<Tree>),
}

/// What may be done to a node when a statement is made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Nothing: its parts belong together.
    Plain,
    /// It may be left out.
    Optional,
    /// Parts with a separator between; some may be left out, but so many stay.
    List(&'static str, usize),
    /// An expression: another one of its type that is inside may stand for it, or a literal.
    Expr(Type),
    /// A query: another one that is inside may stand for it.
    Query,
}

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A whole number, exact in every engine: sums of them do not depend on their order.
    Int,
    /// Any number.
    Num,
    /// A text.
    Text,
    /// A condition.
    Bool,
}

impl Type {
    /// The shortest expression of the type.
    pub const fn least(self) -> &'static str {
        match self {
            Self::Int => "1",
            Self::Num => "1.5",
            Self::Text => "'a'",
            Self::Bool => "1 = 1",
        }
    }
}

impl From<&'static str> for Tree {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Option<Tree>> for Tree {
    fn from(tree: Option<Tree>) -> Self {
        tree.unwrap_or_else(Self::nothing)
    }
}

/// Parts one after the other, of one sort.
macro_rules! node {
    ($sort:expr; $($part:expr),* $(,)?) => { $crate::generate::tree::Tree::Node($sort, vec![$($crate::generate::tree::Tree::from($part)),*]) };
    ($($part:expr),* $(,)?) => {
        $crate::generate::tree::Tree::Node($crate::generate::tree::Sort::Plain, vec![$($crate::generate::tree::Tree::from($part)),*])
    };
}
pub(crate) use node;

impl Tree {
    /// No text at all.
    pub const fn nothing() -> Self {
        Self::Text(Cow::Borrowed(""))
    }

    /// Parts with a separator between, of which so many must stay.
    pub const fn list(separator: &'static str, least: usize, parts: Vec<Self>) -> Self {
        Self::Node(Sort::List(separator, least), parts)
    }

    /// The statement.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Node(sort, parts) => {
                let separator = if let Sort::List(separator, _) = sort { separator } else { "" };
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 {
                        out.push_str(separator);
                    }
                    part.write(out);
                }
            }
        }
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(_) => 0,
            Self::Node(_, parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_its_text() {
        let items = Tree::list(", ", 1, vec!["a".into(), node![Sort::Expr(Type::Int); "1", " + ", "b".to_owned()]]);
        let tree = node![Sort::Query; "SELECT ", items, Tree::from(None)];
        assert_eq!(tree.text(), "SELECT a, 1 + b");
        assert_eq!(tree.size(), 3);
    }
}
