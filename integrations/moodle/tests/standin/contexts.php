<?php

/**
 * Contexts: made when they are first asked for, each with the path of those above it.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** A context. */
abstract class context {
    protected const LEVEL = 0;

    final public function __construct(
        public readonly int $id,
        public readonly int $contextlevel,
        public readonly int $instanceid,
        public readonly string $path,
    ) {
    }

    /** Whether there is such a thing, and the context that it lies in. */
    abstract protected static function above(int $instanceid): context|bool;

    /** The context of a thing. */
    public static function instance(int|string $instanceid = 0, int $strictness = MUST_EXIST): static|false {
        global $DB;
        $row = $DB->get_record('context', ['contextlevel' => static::LEVEL, 'instanceid' => (int) $instanceid]);
        if ($row !== false) {
            return new static((int) $row->id, static::LEVEL, (int) $row->instanceid, $row->path);
        }
        $above = static::above((int) $instanceid);
        if ($above === false) {
            return $strictness === MUST_EXIST ? throw new moodle_exception('invalidcontext') : false;
        }
        $depth = $above instanceof context ? substr_count($above->path, '/') + 1 : 1;
        $id = $DB->insert_record('context', ['contextlevel' => static::LEVEL, 'instanceid' => (int) $instanceid, 'depth' => $depth, 'locked' => 0]);
        $path = ($above instanceof context ? $above->path : '') . "/$id";
        $DB->set_field('context', 'path', $path, ['id' => $id]);
        return new static($id, static::LEVEL, (int) $instanceid, $path);
    }

    public static function instance_by_id(int|string $id, int $strictness = MUST_EXIST): context|false {
        global $DB;
        $row = $DB->get_record('context', ['id' => (int) $id]);
        if ($row === false) {
            return $strictness === MUST_EXIST ? throw new moodle_exception('invalidcontext') : false;
        }
        $class = [CONTEXT_SYSTEM => context_system::class, CONTEXT_USER => context_user::class, CONTEXT_COURSECAT => context_coursecat::class,
            CONTEXT_COURSE => context_course::class, CONTEXT_MODULE => context_module::class, CONTEXT_BLOCK => context_block::class][(int) $row->contextlevel];
        return new $class((int) $row->id, (int) $row->contextlevel, (int) $row->instanceid, $row->path);
    }

    /** @return int[] nearest first */
    public function get_parent_context_ids(bool $includeself = false): array {
        $ids = array_reverse(array_map('intval', array_slice(explode('/', $this->path), 1)));
        return $includeself ? $ids : array_slice($ids, 1);
    }

    /** @return array<int, string> paths by id, nearest first */
    public function get_parent_context_paths(bool $includeself = false): array {
        $paths = [];
        foreach ($this->get_parent_context_ids($includeself) as $id) {
            $paths[$id] = self::instance_by_id($id)->path;
        }
        return $paths;
    }

    public function get_course_context(bool $strict = true): context_course|false {
        foreach ($this->get_parent_context_ids(true) as $id) {
            $one = self::instance_by_id($id);
            if ($one instanceof context_course) {
                return $one;
            }
        }
        return $strict ? throw new coding_exception('not in a course') : false;
    }
}

/** The site. */
final class context_system extends context {
    protected const LEVEL = CONTEXT_SYSTEM;

    protected static function above(int $instanceid): bool {
        return true;
    }
}

/** A person's own pages. */
final class context_user extends context {
    protected const LEVEL = CONTEXT_USER;

    protected static function above(int $instanceid): context|bool {
        global $DB;
        return $DB->record_exists('user', ['id' => $instanceid]) ? context_system::instance() : false;
    }
}

/** A category of courses. */
final class context_coursecat extends context {
    protected const LEVEL = CONTEXT_COURSECAT;

    protected static function above(int $instanceid): context|bool {
        global $DB;
        $parent = $DB->get_field('course_categories', 'parent', ['id' => $instanceid]);
        return $parent === false ? false : ((int) $parent === 0 ? context_system::instance() : context_coursecat::instance($parent));
    }
}

/** A course. */
final class context_course extends context {
    protected const LEVEL = CONTEXT_COURSE;

    protected static function above(int $instanceid): context|bool {
        global $DB;
        $category = $DB->get_field('course', 'category', ['id' => $instanceid]);
        return $category === false ? false : ((int) $category === 0 ? context_system::instance() : context_coursecat::instance($category));
    }
}

/** An activity: there is none here. */
final class context_module extends context {
    protected const LEVEL = CONTEXT_MODULE;

    protected static function above(int $instanceid): bool {
        return false;
    }
}

/** A block. */
final class context_block extends context {
    protected const LEVEL = CONTEXT_BLOCK;

    protected static function above(int $instanceid): context|bool {
        global $DB;
        $parent = $DB->get_field('block_instances', 'parentcontextid', ['id' => $instanceid]);
        return $parent === false ? false : context::instance_by_id($parent);
    }
}
