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
 * Texts.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['apikey'] = 'API key';
$string['apikey_desc'] = 'Begins with clo_. Lists the dashboards that there are; give it nothing but dashboards:read. Stored encrypted, never shown again.';
$string['attribute_archetypes'] = 'Roles on the page (archetypes)';
$string['attribute_cohorts'] = 'Cohorts';
$string['attribute_company_id'] = 'Company (IOMAD)';
$string['attribute_course_id'] = 'The page\'s course';
$string['attribute_courses_enrolled'] = 'Courses enrolled in';
$string['attribute_courses_taught'] = 'Courses taught';
$string['attribute_email'] = 'E-mail address';
$string['attribute_groups'] = 'Groups in the page\'s course';
$string['attribute_language'] = 'Language';
$string['attribute_reach'] = 'How far the user sees: the site, the courses taught, or own rows';
$string['attribute_roles'] = 'Roles on the page (short names)';
$string['attribute_tenant_id'] = 'Tenant (Moodle Workplace)';
$string['attribute_timezone'] = 'Time zone';
$string['attribute_user_id'] = 'User id';
$string['attribute_username'] = 'User name';
$string['attributes'] = 'Also send';
$string['attributes_desc'] = 'Names and addresses are personal data: send them only where a dashboard needs them.';
$string['base'] = 'Server';
$string['base_desc'] = 'The address of the server as your users\' browsers reach it, such as https://reports.example.';
$string['baseinvalid'] = 'Write the address of a server, such as https://reports.example: no name, password, question mark or # in it.';
$string['cachedef_live'] = 'Dashboards that the server has';
$string['card'] = 'Card';
$string['cloison:configure'] = 'Configure dashboards for the whole site';
$string['connection'] = 'Connection';
$string['cure_apikeyexpired'] = 'Make another one: cloison key create TENANT --name Moodle --allow dashboards:read';
$string['cure_apikeyinvalid'] = 'Was it copied whole, is it a key of this server, was it revoked? Make another one: cloison key create TENANT --name Moodle --allow dashboards:read';
$string['cure_apikeywide'] = 'Better make one that only reads dashboards: cloison key create TENANT --name Moodle --allow dashboards:read';
$string['cure_embedkeyinvalid'] = 'Id and secret must belong together. Enter both again, or make a new key: cloison embed-key create TENANT --name Moodle';
$string['cure_embedkeynarrow'] = 'It was made for some dashboards only, or it is another tenant\'s. Make one that may show them all.';
$string['cure_keyunreadable'] = 'Enter it again.';
$string['cure_mixedcontent'] = 'This Moodle has https and the server does not. Give the server an https address.';
$string['cure_nocontent'] = 'Publish some to this tenant: cloison content apply content/moodle, then cloison publish create --collection moodle --tenant TENANT';
$string['cure_notready'] = 'Wait a minute and test again; then ask whoever runs it.';
$string['cure_originmissing'] = 'Make a key that does: cloison embed-key create TENANT --name Moodle --origin {$a}';
$string['cure_refused'] = 'Ask whoever runs the server; its log has more.';
$string['cure_secretunreadable'] = 'The site\'s own key, in its data folder, is another one than when they were saved. Enter the secret and the API key again.';
$string['cure_settingsmissing'] = 'Fill in the server, the embed key\'s id and secret, and the API key.';
$string['cure_tokenunacceptable'] = 'Are the clocks of both machines right? Does the embed key allow tokens that last as long as set here?';
$string['cure_twotenants'] = 'Both must be of the same tenant: enter the right ones.';
$string['cure_unreachable'] = 'Is the address right, and does the server run? If Moodle says that the address or port is blocked, take it off the lists under Site administration > Security > HTTP security.';
$string['dashboard'] = 'Dashboard';
$string['dashboards'] = 'Dashboards on this site';
$string['diagnosis_apikeyexpired'] = 'The API key is over';
$string['diagnosis_apikeygood'] = 'The API key is that of "{$a}"';
$string['diagnosis_apikeyinvalid'] = 'The API key is not valid there';
$string['diagnosis_apikeywide'] = 'The API key may do more than it needs: {$a}';
$string['diagnosis_content'] = 'Dashboards: {$a->dashboards}; cards: {$a->cards}';
$string['diagnosis_embedkeygood'] = 'Tokens signed here are taken there';
$string['diagnosis_embedkeyinvalid'] = 'The embed key does not sign for this server';
$string['diagnosis_embedkeynarrow'] = 'The embed key may not show this dashboard';
$string['diagnosis_keyunreadable'] = 'A key is not whole: {$a}';
$string['diagnosis_mixedcontent'] = 'Browsers will not load {$a} into this site';
$string['diagnosis_nocontent'] = 'The server has no dashboard for this key';
$string['diagnosis_notready'] = 'The server at {$a} is there, but says that it is not ready';
$string['diagnosis_originmissing'] = 'The embed key does not allow pages of {$a}';
$string['diagnosis_reached'] = 'The server answers at {$a}';
$string['diagnosis_refused'] = 'The server refused: {$a}';
$string['diagnosis_secretunreadable'] = 'The stored keys cannot be read';
$string['diagnosis_settingsmissing'] = 'The connection is not complete';
$string['diagnosis_tokenunacceptable'] = 'The token is not acceptable: {$a}';
$string['diagnosis_twotenants'] = 'The API key is that of "{$a->api}", the embed key that of "{$a->embed}"';
$string['diagnosis_unreachable'] = 'The server does not answer: {$a}';
$string['heldback'] = 'Not shown to everybody, because viewer rules do not hold: {$a}';
$string['intro'] = 'Dashboards from your Cloison server, in blocks. You need the server\'s address, an embed key and an API key, which whoever runs the server gives you. Fill in the four fields, save, test the connection, and choose what this site offers.';
$string['keyid'] = 'Embed key: id';
$string['keyid_desc'] = 'Begins with emk_.';
$string['keyinvalid'] = 'This is not a whole key: copy it again, from its first to its last character.';
$string['keynotset'] = 'There is none yet.';
$string['keyset'] = 'There is one; leave the field empty to keep it.';
$string['life'] = 'A token lasts';
$string['life_desc'] = 'A page that stays open asks for new ones. After a log-out the last one is over within this time.';
$string['list_desc'] = 'Blocks show what is chosen here and nothing else, whatever their settings say. For each line the site has just asked the server what somebody sees who teaches nothing and has no rows: the right answer is nothing.';
$string['list_empty'] = 'The server has no dashboard for this site yet.';
$string['mode'] = 'This site serves';
$string['mode_desc'] = 'Where it serves several organisations, each has keys of its own, and a user without an organisation sees nothing. Save, and enter the keys on the page "Organisations\' keys".';
$string['mode_iomad'] = 'Several companies (IOMAD)';
$string['mode_site'] = 'One organisation';
$string['mode_workplace'] = 'Several tenants (Moodle Workplace)';
$string['more'] = 'More';
$string['nothinghere'] = 'There is nothing here for you.';
$string['offer'] = 'Shown to';
$string['offer_everybody'] = 'Everybody who may view the block';
$string['offer_leaders'] = 'People who see the whole site';
$string['offer_none'] = 'Nobody';
$string['organisations'] = 'Organisations\' keys';
$string['organisations_desc'] = 'Each organisation is a tenant of the server, with keys of its own.';
$string['people'] = 'What is sent about people';
$string['people_desc'] = 'A token always says the user\'s number, how far he or she sees (the whole site, the courses taught, or own rows), and the courses that he or she teaches and is enrolled in. They are worked out from roles each time, and nobody can send others. What is sent besides, for locked filters and for rules of your own:';
$string['pluginname'] = 'Cloison';
$string['privacy:server'] = 'Dashboards are drawn by a Cloison server, which your site has chosen. It gets a signed token that says who looks, for as long as it lasts.';
$string['rules'] = 'Viewer rules';
$string['rules_hold'] = 'Hold: somebody without courses and rows sees nothing';
$string['rules_open'] = 'Do not hold: somebody without courses and rows sees something in {$a}';
$string['rules_unknown'] = 'Could not be tried';
$string['secret'] = 'Embed key: secret';
$string['secret_desc'] = 'Signs what your users may see. Stored encrypted, never shown again.';
$string['server'] = 'Server, for this Moodle';
$string['server_desc'] = 'Only where this Moodle reaches the server by another address than browsers do.';
$string['settings'] = 'Settings';
$string['status_bad'] = 'Does not work';
$string['status_doubtful'] = 'Look at this';
$string['status_good'] = 'Good';
$string['sure'] = 'These rows are for everybody';
$string['test'] = 'Test the connection';
$string['testagain'] = 'Test again';
$string['todashboards'] = 'Choose what this site offers';
$string['way'] = 'Usual way of showing';
$string['way_component'] = 'Component';
$string['way_desc'] = 'The component is part of the page and grows with it. The frame keeps everything apart; use it where a theme gets in the way. Each block can have its own.';
$string['way_iframe'] = 'Frame';
$string['works'] = 'Everything works.';
$string['worksnot'] = 'Something does not work yet.';
