<?php

/**
 * The database: Moodle's own calls, over SQLite, or over a site's own MariaDB or PostgreSQL.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** The part of Moodle's database API that the plugins use. Values are texts, as most of Moodle's drivers give them. */
final class standin_database {
    /** Columns with their defaults; every table has an id. */
    private const TABLES = [
        'course_categories' => 'name TEXT, parent INTEGER DEFAULT 0',
        'course' => "category INTEGER, fullname TEXT, shortname TEXT, visible INTEGER DEFAULT 1, groupmode INTEGER DEFAULT 0",
        'user' => "username TEXT, email TEXT, lang TEXT DEFAULT 'en', timezone TEXT DEFAULT '99', deleted INTEGER DEFAULT 0, suspended INTEGER DEFAULT 0",
        'context' => 'contextlevel INTEGER, instanceid INTEGER, path TEXT, depth INTEGER, locked INTEGER',
        'role' => 'shortname TEXT, archetype TEXT',
        'role_assignments' => 'roleid INTEGER, contextid INTEGER, userid INTEGER',
        'role_capabilities' => 'roleid INTEGER, contextid INTEGER, capability TEXT, permission INTEGER',
        'enrol' => 'enrol TEXT, courseid INTEGER, status INTEGER DEFAULT 0',
        'user_enrolments' => 'enrolid INTEGER, userid INTEGER, status INTEGER, timestart INTEGER, timeend INTEGER',
        'cohort_members' => 'cohortid INTEGER, userid INTEGER',
        'block_instances' => 'blockname TEXT, parentcontextid INTEGER, showinsubcontexts INTEGER, requiredbytheme INTEGER, pagetypepattern TEXT,
            subpagepattern TEXT, defaultregion TEXT, defaultweight INTEGER, configdata TEXT, timecreated INTEGER, timemodified INTEGER',
    ];

    private PDO $pdo;
    private readonly bool $own;

    /** In memory, with empty tables; or a site's, whose tables have a prefix. */
    public function __construct(?string $dsn = null, private readonly string $prefix = '', string $user = '', string $password = '') {
        $this->own = $dsn === null;
        $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_STRINGIFY_FETCHES => true, PDO::ATTR_EMULATE_PREPARES => false];
        $this->pdo = new PDO($dsn ?? 'sqlite::memory:', $user, $password, $options);
        if (str_starts_with((string) $dsn, 'mysql:')) {
            $this->pdo->exec("SET NAMES utf8mb4, SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'");
        }
        if ($this->own) {
            foreach (self::TABLES as $name => $columns) {
                $this->pdo->exec("CREATE TABLE \"$name\" (id INTEGER PRIMARY KEY AUTOINCREMENT, $columns)");
            }
        }
    }

    /** Tables and columns that a site's dump lacks, because no dashboard reads them. */
    public function complete(): void {
        foreach (self::TABLES as $name => $columns) {
            $columns = str_replace('TEXT', 'VARCHAR(1000)', $columns);
            if (!$this->table_exists($name)) {
                $this->pdo->exec("CREATE TABLE \"$this->prefix$name\" (id BIGINT PRIMARY KEY, $columns)");
            }
            foreach (array_map('trim', explode(',', $columns)) as $column) {
                if (!$this->has($name, strtok($column, ' '))) {
                    $this->pdo->exec("ALTER TABLE \"$this->prefix$name\" ADD COLUMN $column");
                }
            }
        }
    }

    private function has(string $table, string $column): bool {
        try {
            $this->query("SELECT $column FROM {{$table}} WHERE 1 = 0");
            return true;
        } catch (PDOException $error) {
            return false;
        }
    }

    /** Runs a statement with {tables} in it. */
    private function query(string $sql, array $params = []): PDOStatement {
        $statement = $this->pdo->prepare(preg_replace('/\{(\w+)\}/', "\"$this->prefix\$1\"", $sql));
        $statement->execute(array_is_list($params) ? $params : array_combine(array_map(fn($name) => ":$name", array_keys($params)), $params));
        return $statement;
    }

    private static function where(array $conditions): string {
        $parts = array_map(fn(string $name): string => "\"$name\" = :$name", array_keys($conditions));
        return $parts === [] ? '1 = 1' : implode(' AND ', $parts);
    }

    public function get_records_sql(string $sql, array $params = []): array {
        $found = [];
        foreach ($this->query($sql, $params)->fetchAll(PDO::FETCH_OBJ) as $row) {
            $found[current((array) $row)] = $row;
        }
        return $found;
    }

    public function get_records_menu(string $table, ?array $conditions = null, string $sort = '', string $fields = '*'): array {
        $order = $sort === '' ? '' : " ORDER BY $sort";
        $rows = $this->query("SELECT $fields FROM {{$table}} WHERE " . self::where($conditions ?? []) . $order, $conditions ?? []);
        return $rows->fetchAll(PDO::FETCH_KEY_PAIR);
    }

    public function get_record(string $table, array $conditions, string $fields = '*', int $strictness = IGNORE_MISSING): stdClass|false {
        $row = $this->query("SELECT $fields FROM {{$table}} WHERE " . self::where($conditions), $conditions)->fetch(PDO::FETCH_OBJ);
        if ($row === false && $strictness === MUST_EXIST) {
            throw new moodle_exception('invalidrecord');
        }
        return $row;
    }

    public function get_field(string $table, string $field, array $conditions): string|false|null {
        $row = $this->get_record($table, $conditions, $field);
        return $row === false ? false : $row->$field;
    }

    public function get_fieldset_sql(string $sql, array $params = []): array {
        return $this->query($sql, $params)->fetchAll(PDO::FETCH_COLUMN);
    }

    public function get_fieldset_select(string $table, string $field, string $select, array $params = []): array {
        return $this->get_fieldset_sql("SELECT $field FROM {{$table}} WHERE $select", $params);
    }

    public function record_exists(string $table, array $conditions): bool {
        return $this->get_record($table, $conditions) !== false;
    }

    public function insert_record(string $table, array|stdClass $record): int {
        $record = (array) $record;
        unset($record['id']);
        if (!$this->own) {
            // A sample's ids have no sequence behind them.
            $record = ['id' => (int) $this->query("SELECT MAX(id) FROM {{$table}}")->fetchColumn() + 1] + $record;
        }
        $names = implode(', ', array_map(fn(string $name): string => "\"$name\"", array_keys($record)));
        $this->query("INSERT INTO {{$table}} ($names) VALUES (:" . implode(', :', array_keys($record)) . ')', $record);
        return (int) ($this->own ? $this->pdo->lastInsertId() : $record['id']);
    }

    public function set_field(string $table, string $field, mixed $value, array $conditions): void {
        $this->query("UPDATE {{$table}} SET \"$field\" = :standin_value WHERE " . self::where($conditions), ['standin_value' => $value] + $conditions);
    }

    public function delete_records(string $table, array $conditions): void {
        $this->query("DELETE FROM {{$table}} WHERE " . self::where($conditions), $conditions);
    }

    /** @return array{string, array} */
    public function get_in_or_equal(array $items, int $type = SQL_PARAMS_QM): array {
        if ($items === []) {
            throw new coding_exception('get_in_or_equal() takes no empty list');
        }
        if ($type === SQL_PARAMS_QM) {
            return ['IN (' . implode(', ', array_fill(0, count($items), '?')) . ')', array_values($items)];
        }
        $names = array_map(fn(int $n): string => "standin$n", range(1, count($items)));
        return ['IN (:' . implode(', :', $names) . ')', array_combine($names, array_values($items))];
    }

    public function sql_like(string $field, string $param): string {
        return "$field LIKE $param ESCAPE '|'";
    }

    public function sql_like_escape(string $text): string {
        return strtr($text, ['_' => '|_', '%' => '|%', '|' => '||']);
    }

    /** Tables are made and dropped by tests that need some of another plugin. */
    public function get_manager(): self {
        return $this;
    }

    public function table_exists(string|xmldb_table $table): bool {
        return $this->has(is_string($table) ? $table : $table->name, 'id');
    }

    public function create_table(xmldb_table $table): void {
        $this->pdo->exec("CREATE TABLE \"$table->name\" (id INTEGER PRIMARY KEY AUTOINCREMENT, " . implode(', ', $table->columns) . ')');
    }

    public function drop_table(xmldb_table $table): void {
        $this->pdo->exec("DROP TABLE \"$table->name\"");
    }
}

/** A table to be made. */
final class xmldb_table {
    /** @var string[] */
    public array $columns = [];

    public function __construct(public readonly string $name) {
    }

    public function add_field(string $name, int $type, ...$rest): void {
        if ($name !== 'id') {
            $this->columns[] = "\"$name\" " . ($type === XMLDB_TYPE_CHAR ? 'TEXT' : 'INTEGER');
        }
    }

    public function add_key(string $name, int $type, array $fields): void {
    }
}
