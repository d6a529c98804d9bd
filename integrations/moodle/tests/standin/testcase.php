<?php

/**
 * What tests inherit.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** A test that needs nothing of a site. */
abstract class basic_testcase extends PHPUnit\Framework\TestCase {
}

/** A test with a site of its own. */
abstract class advanced_testcase extends basic_testcase {
    /** @var string[] what was said to programmers */
    public static array $debugging = [];

    private standin_generator $generator;

    protected function setUp(): void {
        global $DB, $OUTPUT, $SESSION;
        self::$debugging = [];
        $GLOBALS['STANDIN_CONFIG'] = [];
        cache::forget();
        $DB = new standin_database();
        $OUTPUT = new standin_output();
        $SESSION = new stdClass();
        $this->generator = new standin_generator();
        context_system::instance();
        standin_roles();
        $DB->insert_record('course_categories', ['name' => 'Category 1']);
        $DB->insert_record('course', ['category' => 0, 'fullname' => 'Site', 'shortname' => 'site']);
        foreach (['guest', 'admin'] as $name) {
            $DB->insert_record('user', ['username' => $name, 'email' => "$name@example.org"]);
        }
        $this->setUser(null);
    }

    /** Said to nobody and expected by nobody: an error, as in Moodle. */
    protected function assertPostConditions(): void {
        self::assertSame([], self::$debugging, 'debugging() was called');
    }

    public function resetAfterTest(bool $reset = true): void {
    }

    public static function getDataGenerator(): standin_generator {
        return self::$current->generator;
    }

    private static self $current;

    /** @before */
    public function standin_remember(): void {
        self::$current = $this;
    }

    public static function setUser(stdClass|null $user = null): void {
        global $USER;
        global $USER;
        $USER = $user === null ? (object) ['id' => 0] : clone $user;
        $USER->access = [];
    }

    public static function setGuestUser(): void {
        self::standin_login(1);
    }

    public static function setAdminUser(): void {
        self::standin_login(2);
    }

    private static function standin_login(int $id): void {
        global $DB;
        self::setUser($DB->get_record('user', ['id' => $id], '*', MUST_EXIST));
    }

    public function assertDebuggingCalledCount(int $count): void {
        self::assertCount($count, self::$debugging);
        self::$debugging = [];
    }
}
