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
 * Which organisation a user belongs to, where one Moodle serves several.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

/**
 * IOMAD's company or Moodle Workplace's tenant of the user who is logged in.
 */
final class organisation {
    /** One organisation: the whole site. */
    public const SITE = 'site';
    /** IOMAD. */
    public const IOMAD = 'iomad';
    /** Moodle Workplace. */
    public const WORKPLACE = 'workplace';

    /**
     * An organisation.
     *
     * @param int|null $companyid of IOMAD
     * @param int|null $tenantid of Moodle Workplace
     * @param bool $ismanager whether the user reads all rows of that company
     */
    private function __construct(
        /** @var int|null of IOMAD */
        public readonly ?int $companyid,
        /** @var int|null of Moodle Workplace */
        public readonly ?int $tenantid,
        /** @var bool whether the user reads all rows of that company */
        public readonly bool $ismanager,
    ) {
    }

    /**
     * Of the user who is logged in.
     */
    public static function current(): self {
        global $DB;
        $tenant = class_exists('\\tool_tenant\\tenancy') ? (int) \tool_tenant\tenancy::get_tenant_id() : 0;
        [$company, $ismanager] = $DB->get_manager()->table_exists('company_users') ? self::company() : [null, false];
        // Who leads one company reads all rows only where a company is what the token's key reaches.
        $ismanager = $ismanager && self::mode() === self::IOMAD;
        return new self($company, $tenant > 0 ? $tenant : null, $ismanager);
    }

    /**
     * How this site is divided.
     */
    public static function mode(): string {
        $mode = get_config('local_cloison', 'mode');
        return in_array($mode, [self::IOMAD, self::WORKPLACE], true) ? $mode : self::SITE;
    }

    /**
     * The number of the organisation that the user's tokens are for; null when the whole site is one, 0 when the user is in none.
     */
    public function number(): ?int {
        return match (self::mode()) {
            self::SITE => null,
            self::IOMAD => $this->companyid ?? 0,
            self::WORKPLACE => $this->tenantid ?? 0,
        };
    }

    /**
     * All organisations of the site by number.
     *
     * @return array<int, string>
     */
    public static function all(): array {
        global $DB;
        $table = match (self::mode()) {
            self::SITE => null,
            self::IOMAD => 'company',
            self::WORKPLACE => 'tool_tenant',
        };
        if ($table === null || !$DB->get_manager()->table_exists($table)) {
            return [];
        }
        return array_map('format_string', $DB->get_records_menu($table, null, 'name, id', 'id, name'));
    }

    /**
     * The company, and whether the user leads it.
     *
     * A user may be in several: IOMAD keeps the chosen one in the session, which counts only where the user belongs to it. Whoever
     * has chosen none and is in several gets none, rather than one by chance.
     *
     * @return array{int|null, bool}
     */
    private static function company(): array {
        global $DB, $SESSION, $USER;
        $sql = "SELECT cu.id, cu.companyid, cu.managertype
                  FROM {company_users} cu
                  JOIN {company} c ON c.id = cu.companyid AND c.suspended = 0
                 WHERE cu.userid = ? AND cu.suspended = 0
              ORDER BY cu.id";
        $own = [];
        foreach ($DB->get_records_sql($sql, [$USER->id]) as $one) {
            // 1 leads the company; 2 leads a department, and rules by department there are none.
            $own[(int) $one->companyid] = ($own[(int) $one->companyid] ?? false) || (int) $one->managertype === 1;
        }
        $chosen = (int) ($SESSION->currenteditingcompany ?? 0);
        if ($chosen > 0 && isset($own[$chosen])) {
            return [$chosen, $own[$chosen]];
        }
        if ($chosen > 0 && is_siteadmin() && $DB->record_exists('company', ['id' => $chosen])) {
            return [$chosen, true];
        }
        if (count($own) === 1 && $chosen === 0) {
            return [array_key_first($own), reset($own)];
        }
        return [null, false];
    }
}
