//! A check of what the guard lets through that shares no code with it: on the text's own tokens.

use sqlguard::{Catalogue, Dialect, Fence, Guarded, Mask, Place};

/// A token of a guarded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// In quotes, decoded.
    Name(String),
    /// A literal, decoded.
    Text(String),
    /// A word or a number.
    Word(String),
    /// A place, with the number that it shows.
    Place(Option<usize>),
    /// Anything else, letter by letter.
    Symbol(char),
}

/// Cuts a guarded text into tokens, and panics on whatever it must not hold.
pub(crate) fn tokens(sql: &str, dialect: Dialect) -> Vec<Token> {
    let quote = if dialect == Dialect::Postgres { '"' } else { '`' };
    let letters: Vec<char> = sql.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let next = letters.get(at + 1).copied();
        if letter == '\'' || letter == quote {
            let mut value = String::new();
            at += 1;
            loop {
                match letters[at] {
                    '\\' if letter == '\'' && dialect == Dialect::Mysql => {
                        assert_eq!(letters[at + 1], '\\', "an escape of another kind in {sql}");
                        value.push('\\');
                        at += 2;
                    }
                    found if found == letter && letters.get(at + 1) == Some(&letter) => {
                        value.push(letter);
                        at += 2;
                    }
                    found if found == letter => break,
                    other => {
                        value.push(other);
                        at += 1;
                    }
                }
            }
            at += 1;
            tokens.push(if letter == quote { Token::Name(value) } else { Token::Text(value) });
            continue;
        }
        let run = |from: usize| letters[from..].iter().take_while(|l| l.is_ascii_alphanumeric() || **l == '_').count();
        if letter.is_ascii_alphanumeric() || letter == '_' {
            let length = run(at);
            tokens.push(Token::Word(letters[at..at + length].iter().collect()));
            at += length;
            continue;
        }
        let is_place = match dialect {
            Dialect::Postgres => letter == '$',
            Dialect::Mysql => letter == '?',
            Dialect::Sqlite => letter == '?',
        };
        if is_place {
            let length = run(at + 1);
            let number: String = letters[at + 1..at + 1 + length].iter().collect();
            assert!(number.chars().all(|digit| digit.is_ascii_digit()), "{sql}");
            tokens.push(Token::Place(number.parse().ok()));
            at += 1 + length;
            continue;
        }
        assert!(letter.is_ascii() && !letter.is_control(), "{letter:?} outside of quotes in {sql}");
        assert!(
            !matches!((letter, next), ('-', Some('-')) | ('/', Some('*')) | ('*', Some('/'))),
            "a comment in {sql}"
        );
        assert!(!matches!(letter, ';' | '\\' | '`' | '"'), "{letter} in {sql}");
        assert!(letter != '#' || dialect == Dialect::Postgres, "a comment in {sql}");
        if letter != ' ' {
            tokens.push(Token::Symbol(letter));
        }
        at += 1;
    }
    tokens
}

/// What holds for every text that is let through.
pub(crate) fn check(guarded: &Guarded, catalogue: &Catalogue) {
    let tokens = tokens(&guarded.sql, catalogue.dialect);
    relations_stand_in_fences(&tokens, &guarded.sql, catalogue);
    hidden_columns_stay_hidden(&tokens, &guarded.sql, catalogue);
    places_are_in_order(&tokens, guarded, catalogue.dialect);
}

/// A relation with a fence stands behind FROM, under an alias of the fence's own, in a bracket that begins and ends as
/// a fence does; nowhere is a relation named without an alias.
fn relations_stand_in_fences(tokens: &[Token], sql: &str, catalogue: &Catalogue) {
    let name = |at: usize| match tokens.get(at) {
        Some(Token::Name(name)) => Some(name.as_str()),
        _ => None,
    };
    let word = |at: usize, word: &str| tokens.get(at) == Some(&Token::Word(word.to_owned()));
    let symbol = |at: usize, symbol: char| tokens.get(at) == Some(&Token::Symbol(symbol));
    for at in 0..tokens.len() {
        // Two names with a point are a relation or a column of an alias; a schema is never an alias here.
        let (Some(schema), true, Some(table)) = (name(at), symbol(at + 1, '.'), name(at + 2)) else { continue };
        if !catalogue.relations.iter().any(|own| own.schema == schema) {
            continue;
        }
        let relation = catalogue.relations.iter().find(|own| own.schema == schema && own.name == table);
        let relation = relation.unwrap_or_else(|| panic!("\"{schema}\".\"{table}\" is not known, in {sql}"));
        let alias = name(at + 4).filter(|_| word(at + 3, "AS"));
        let alias = alias.unwrap_or_else(|| panic!("\"{table}\" stands without an alias in {sql}"));
        if relation.fence == Fence::Open && relation.columns.iter().all(|column| column.mask.is_none()) {
            continue;
        }
        let depth = alias.strip_prefix('r').and_then(|digits| digits.parse::<usize>().ok());
        let depth = depth.filter(|_| at > 7 && word(at - 1, "FROM"));
        let depth = depth.unwrap_or_else(|| panic!("\"{table}\" stands without a fence in {sql}"));
        let filtered = word(at + 5, "WHERE");
        if depth > 0 {
            // A rule that leads through this table: `IN (SELECT "r1"."id" FROM …`.
            let begins =
                word(at - 7, "IN") && symbol(at - 6, '(') && word(at - 5, "SELECT") && name(at - 4) == Some(alias);
            assert!(begins && filtered, "\"{table}\" is read for no rule in {sql}");
            continue;
        }
        assert!(filtered || relation.fence == Fence::Open, "the fence of \"{table}\" lets all through in {sql}");
        let end = end_of_bracket(tokens, at).unwrap_or_else(|| panic!("a fence without an end in {sql}"));
        let ends = match catalogue.dialect {
            Dialect::Postgres => word(end - 2, "OFFSET") && word(end - 1, "0"),
            Dialect::Mysql => word(end - 2, "LIMIT") && word(end - 1, "18446744073709551615"),
            Dialect::Sqlite => word(end - 5, "LIMIT") && symbol(end - 3, '-') && word(end - 2, "1"),
        };
        assert!(ends && word(end + 1, "AS") && name(end + 2).is_some(), "a fence without its limit in {sql}");
    }
}

/// Where the bracket closes that a token stands in.
fn end_of_bracket(tokens: &[Token], from: usize) -> Option<usize> {
    let mut depth = 0_i32;
    (from..tokens.len()).find(|&at| {
        match tokens[at] {
            Token::Symbol('(') => depth += 1,
            Token::Symbol(')') => depth -= 1,
            _ => {}
        }
        depth < 0
    })
}

/// A column that is hidden everywhere is named nowhere but under the alias of a base table.
fn hidden_columns_stay_hidden(tokens: &[Token], sql: &str, catalogue: &Catalogue) {
    let columns = || catalogue.relations.iter().flat_map(|relation| &relation.columns);
    for hidden in columns().filter(|column| column.mask == Some(Mask::Hidden)) {
        let base = |at: usize| matches!(tokens.get(at.wrapping_sub(2)), Some(Token::Name(name)) if name == "r0");
        for (at, token) in tokens.iter().enumerate() {
            assert!(*token != Token::Name(hidden.name.clone()) || !base(at), "a hidden column is read in {sql}");
        }
    }
}

fn places_are_in_order(tokens: &[Token], guarded: &Guarded, dialect: Dialect) {
    let places: Vec<Option<usize>> =
        tokens.iter().filter_map(|token| if let Token::Place(number) = token { Some(*number) } else { None }).collect();
    let expected: Vec<Option<usize>> =
        (1..=guarded.binds.len()).map(|number| (dialect != Dialect::Mysql).then_some(number)).collect();
    assert_eq!(places, expected, "places of {}", guarded.sql);
    let mut given: Vec<usize> = guarded
        .binds
        .iter()
        .filter_map(|place| if let Place::Given(number) = place { Some(*number) } else { None })
        .collect();
    given.sort_unstable();
    assert!(given.iter().copied().eq(0..given.len()), "a place was lost in {}", guarded.sql);
}

/// How many places an author's text has, outside of texts; for texts of the simplest form.
pub(crate) fn places(sql: &str, dialect: Dialect) -> usize {
    let mark = if dialect == Dialect::Postgres { '$' } else { '?' };
    sql.split('\'').step_by(2).map(|outside| outside.matches(mark).count()).sum()
}
