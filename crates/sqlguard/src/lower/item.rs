//! What stands between SELECT and FROM, and what its columns are called.

use super::{Lowered, Lowerer, Purpose};
use crate::Dialect;
use crate::lex::LONGEST_NAME;
use crate::tree::{Expr, Item};
use sqlparser::ast;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token};

/// The longest name of a column that is made of its text, in characters.
const LONGEST_TEXT: usize = 64;

impl<'a> Lowerer<'a> {
    pub(super) fn item(&mut self, item: &ast::SelectItem, text: Option<&str>) -> Lowered<Item> {
        match item {
            ast::SelectItem::UnnamedExpr(expr) => {
                let expr = self.expr(expr)?;
                let alias = self.name_of_text(&expr, text);
                Ok(Item::Expr { expr, alias })
            }
            ast::SelectItem::ExprWithAlias { expr, alias } => {
                let alias = self.column_alias(alias)?;
                Ok(Item::Expr { expr: self.expr(expr)?, alias: Some(alias) })
            }
            ast::SelectItem::ExprWithAliases { .. } => self.refuse("several aliases are not allowed"),
            ast::SelectItem::QualifiedWildcard(kind, options) => {
                self.wildcard(options)?;
                match kind {
                    ast::SelectItemQualifiedWildcardKind::ObjectName(name) => {
                        let path = self.path(name)?;
                        self.alias_of(&path).map(Item::StarOf)
                    }
                    ast::SelectItemQualifiedWildcardKind::Expr(_) => self.refuse(".* stands behind a table only"),
                }
            }
            ast::SelectItem::Wildcard(options) => {
                self.wildcard(options)?;
                Ok(Item::Star)
            }
        }
    }

    /// Nothing may stand behind `*`.
    pub(super) fn wildcard(&mut self, options: &ast::WildcardAdditionalOptions) -> Lowered<()> {
        let ast::WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        self.see(wildcard_token.0.span);
        let any = opt_ilike.is_some()
            || opt_exclude.is_some()
            || opt_except.is_some()
            || opt_replace.is_some()
            || opt_rename.is_some()
            || opt_alias.is_some();
        self.never(any, "a word behind *")
    }

    /// MariaDB, MySQL and SQLite name a column after its text: what the author wrote, not what is written here.
    fn name_of_text(&self, expr: &Expr, text: Option<&str>) -> Option<String> {
        if self.dialect == Dialect::Postgres || matches!(self.purpose, Purpose::ReadBack(_)) {
            return None;
        }
        let same = match expr {
            Expr::Column(_) | Expr::Number(_) | Expr::Text(_) | Expr::Null => true,
            Expr::Place(_) => self.dialect == Dialect::Mysql,
            _ => false,
        };
        // Every word has a letter: no more of them are needed.
        let words = text.unwrap_or_default().split_whitespace().take(LONGEST_TEXT).collect::<Vec<_>>().join(" ");
        let mut name: String = words.chars().take(LONGEST_TEXT).collect();
        while name.len() > LONGEST_NAME {
            name.pop();
        }
        let name = name.trim_end();
        // Without a name the engine would show our text, with the fence in it.
        let name = if name.is_empty() { "expression" } else { name };
        (!same).then(|| name.to_owned())
    }

    /// The texts of the items of a SELECT, or nothing when they cannot be told apart.
    pub(super) fn item_texts(&self, select: Location, count: usize) -> Vec<&'a str> {
        let Some(start) = self.lexed.token_at(select) else { return Vec::new() };
        let mut texts = Vec::new();
        let (mut depth, mut first, mut last) = (0_usize, None, None);
        let mut before = Keyword::NoKeyword;
        for (index, token) in self.lexed.tokens.iter().enumerate().skip(start + 1) {
            let keyword = if let Token::Word(word) = &token.token { word.keyword } else { Keyword::NoKeyword };
            match &token.token {
                Token::Whitespace(_) => continue,
                Token::LParen | Token::LBracket => depth += 1,
                Token::RParen | Token::RBracket if depth == 0 => break,
                Token::RParen | Token::RBracket => depth -= 1,
                Token::Comma if depth == 0 => {
                    texts.extend(first.zip(last).and_then(|(from, to)| self.lexed.slice(self.sql, from, to)));
                    first = None;
                    continue;
                }
                Token::Word(_)
                    if depth == 0 && first.is_none() && matches!(keyword, Keyword::DISTINCT | Keyword::ALL) =>
                {
                    continue;
                }
                Token::Word(_) if depth == 0 && ends_items(keyword, before) => break,
                _ => {}
            }
            before = keyword;
            first.get_or_insert(index);
            last = Some(index);
        }
        texts.extend(first.zip(last).and_then(|(from, to)| self.lexed.slice(self.sql, from, to)));
        if texts.len() == count { texts } else { Vec::new() }
    }
}

fn ends_items(keyword: Keyword, before: Keyword) -> bool {
    match keyword {
        Keyword::FROM => before != Keyword::DISTINCT,
        Keyword::GROUP => before != Keyword::WITHIN,
        Keyword::WHERE
        | Keyword::HAVING
        | Keyword::ORDER
        | Keyword::LIMIT
        | Keyword::OFFSET
        | Keyword::FETCH
        | Keyword::WINDOW
        | Keyword::UNION
        | Keyword::EXCEPT
        | Keyword::INTERSECT => true,
        // A keyword of any other kind is part of an expression.
        _ => false,
    }
}
