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
 * How the client reaches the server.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use Cloison\Exception\Unreachable;
use Cloison\Http\Request;
use Cloison\Http\Response;
use Cloison\Http\Transport as carrier;

defined('MOODLE_INTERNAL') || die();

library::load();

/**
 * Over Moodle's own curl class: its proxy and its list of blocked hosts hold here too.
 */
final class transport implements carrier {
    /**
     * Sends a request.
     *
     * @param Request $request what to send
     * @return Response the answer
     */
    public function send(Request $request): Response {
        global $CFG;
        require_once($CFG->libdir . '/filelib.php');
        $curl = new \curl();
        $curl->setHeader(array_map(fn(string $name, string $value): string => "$name: $value", array_keys($request->headers), $request->headers));
        $options = [
            'CURLOPT_CONNECTTIMEOUT' => 5,
            'CURLOPT_TIMEOUT' => 30,
            'CURLOPT_FOLLOWLOCATION' => false,
            'CURLOPT_PROTOCOLS' => CURLPROTO_HTTP | CURLPROTO_HTTPS,
        ];
        $body = match ($request->method) {
            'GET' => $curl->get($request->url, [], $options),
            'POST' => $curl->post($request->url, $request->body ?? '', $options),
        };
        $info = $curl->get_info();
        $status = (int) (is_array($info) ? $info['http_code'] ?? 0 : 0);
        if ($curl->get_errno() || $status === 0) {
            // Both what cURL says and what Moodle says when the host is blocked.
            throw new Unreachable(is_string($body) && $body !== '' ? $body : (string) $curl->error);
        }
        $headers = [];
        foreach ($curl->getResponse() as $name => $value) {
            $headers[(string) $name] = is_array($value) ? implode(', ', $value) : (string) $value;
        }
        return new Response($status, $headers, (string) $body);
    }
}
