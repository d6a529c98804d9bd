/** Why a client is refused, as the documentation has it. */
export const NOT_HERE = 'there is no such thing here';
export const NEWER = 'the client wants a newer Metabase than this contract';
export const NO_ARCHIVE = 'nothing is archived: `DELETE` removes, a move to another collection keeps';
export const OPERATORS = 'data sources are the operator’s (`/v1/sources`)';
export const NO_SCAN = 'no schema is scanned and no list of values kept; preflight sees the tables';
export const OF_THE_DATABASE = 'names and descriptions of tables and fields are the database’s own';
export const NO_FILES = 'rows are in the tenant’s database, and are not uploaded';
export const SETTINGS = 'settings are the operator’s, but for `enable-embedding`';
export const SNIPPETS = 'snippets are our own API’s alone';
export const OF_TABLES = 'questions made of tables, filters and aggregations are not run';
export const USERS = 'people are not kept here: who looks is in a token';
export const GROUPS = 'a group is a set of scopes, and its name lists them';
export const ELSEWHERE = 'the client asks at an address that Metabase has not either';
