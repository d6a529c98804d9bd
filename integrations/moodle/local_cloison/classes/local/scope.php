<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * Who somebody is, for the rules that decide about rows.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

/**
 * From plain facts about a user to what a token says about that user. Calls nothing of Moodle, so that it is tested without one.
 *
 * The facts come from the database (see facts), never from a form, an address or a block's settings.
 */
final class scope {
    /** Every row of the organisation. */
    public const SITE = 'site';
    /** The rows of the courses that the user teaches, and the user's own. */
    public const COURSES = 'courses';
    /** The user's own rows. */
    public const OWN = 'own';

    /** Archetypes that read all rows of what they are assigned in. */
    private const LEADING = ['manager', 'editingteacher', 'teacher'];

    /** Attributes that rules need: they are always sent. */
    public const NEEDED = ['reach', 'courses_taught', 'courses_enrolled'];

    /** Attributes that a site may send besides, in the order in which they are offered. */
    public const OPTIONAL = ['user_id', 'username', 'email', 'roles', 'archetypes', 'course_id', 'cohorts', 'groups', 'language',
        'timezone', 'company_id', 'tenant_id'];

    /** @var array<string, mixed> All attributes that there are for this user. */
    private array $attributes;

    /**
     * Works out what is known.
     *
     * @param array $facts see facts::collect()
     */
    public function __construct(array $facts) {
        $switched = $facts['switched'];
        $here = $facts['courseid'];
        if ($switched === null) {
            $taught = array_keys(array_filter($facts['taught'], fn(array $archetypes): bool => self::leads($archetypes)));
            $site = $facts['siteadmin'] || $facts['companymanager'] || self::leads($facts['systemarchetypes']);
        } else {
            // Somebody who tries another role in a course sees what that role sees there, and nothing from elsewhere.
            $taught = $here !== null && self::leads([$switched]) ? [$here] : [];
            $site = false;
        }
        // Where a teacher sees some groups only, rules by course would show the others too.
        $taught = array_values(array_diff($taught, $facts['grouped']));
        sort($taught);
        $reach = $site ? self::SITE : ($taught !== [] ? self::COURSES : self::OWN);
        $this->attributes = [
            'reach' => $reach,
            'courses_taught' => $reach === self::COURSES ? $taught : [],
            'user_id' => $facts['userid'],
            'username' => $facts['username'],
            'email' => $facts['email'],
            'roles' => $switched === null ? $facts['roles'] : [],
            'archetypes' => $switched === null ? $facts['archetypes'] : [$switched],
            'course_id' => $here,
            'courses_enrolled' => $facts['enrolled'],
            'cohorts' => $facts['cohorts'],
            'groups' => $facts['groups'],
            'language' => $facts['language'],
            'timezone' => $facts['timezone'],
            'company_id' => $facts['companyid'],
            'tenant_id' => $facts['tenantid'],
        ];
    }

    /**
     * How far the user sees.
     *
     * @return string SITE, COURSES or OWN
     */
    public function reach(): string {
        return $this->attributes['reach'];
    }

    /**
     * What a token says about the user: what rules need, and what the site allows.
     *
     * @param string[] $allowed names of optional attributes
     * @return array<string, mixed>
     */
    public function sent(array $allowed): array {
        $names = array_merge(self::NEEDED, array_intersect(self::OPTIONAL, $allowed));
        return array_filter($this->only($names), fn($value): bool => $value !== null);
    }

    /**
     * What filters may be locked to: nothing that the site does not send.
     *
     * @param string[] $allowed names of optional attributes
     * @return array<string, mixed>
     */
    public function lockable(array $allowed): array {
        return $this->only(array_merge(['courses_taught', 'courses_enrolled'], array_intersect(self::OPTIONAL, $allowed)));
    }

    /**
     * Some of the attributes.
     *
     * @param string[] $names which
     * @return array<string, mixed>
     */
    private function only(array $names): array {
        return array_intersect_key($this->attributes, array_flip($names));
    }

    /**
     * Whether one of the archetypes reads all rows of its place.
     *
     * @param string[] $archetypes archetypes of roles
     */
    private static function leads(array $archetypes): bool {
        return array_intersect($archetypes, self::LEADING) !== [];
    }
}
