<?php

declare(strict_types=1);

namespace Cloison\Tests;

use Cloison\EmbedKey;
use Cloison\EmbedToken;
use Cloison\Exception\InvalidToken;
use Cloison\Wiring;
use PHPUnit\Framework\TestCase;

final class EmbedTokenTest extends TestCase
{
    private const ID = 'emk_0123456789abcdefghjkmnpqrs';
    private const SECRET = '0123456789abcdef0123456789abcdef';

    private static function key(): EmbedKey
    {
        return new EmbedKey(self::ID, self::SECRET);
    }

    private static function claims(string $token): array
    {
        return json_decode(base64_decode(strtr(explode('.', $token)[1], '-_', '+/')), true);
    }

    public function testSignsExactlyTheseBytes(): void
    {
        // Written out by hand, so that a change of the format cannot go unseen.
        $head = '{"alg":"HS256","typ":"JWT","kid":"' . self::ID . '"}';
        $body = '{"resource":{"dashboard":"overview"},"params":{},"iat":1000,"exp":1300}';
        $part = static fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
        $signed = $part($head) . '.' . $part($body);
        $expected = $signed . '.' . $part(hash_hmac('sha256', $signed, self::SECRET, true));
        self::assertSame($expected, self::key()->sign(EmbedToken::dashboard('overview'), 1000));
    }

    public function testSaysWhatWasGiven(): void
    {
        $token = EmbedToken::card('sales')->viewer('42', ['role' => ['teacher'], 'courses_taught' => [3, 5], 'company_id' => 7])
            ->lock('course', [3])->lock('city', 'Lyon')->lasting(60)->region('pt-BR', 'Europe/Lisbon')->audience('reports');
        self::assertSame([
            'resource' => ['card' => 'sales'],
            'params' => ['course' => [3], 'city' => 'Lyon'],
            'iat' => 1000,
            'exp' => 1060,
            'sub' => '42',
            'attributes' => ['role' => ['teacher'], 'courses_taught' => [3, 5], 'company_id' => 7],
            'locale' => 'pt-BR',
            'timezone' => 'Europe/Lisbon',
            'aud' => 'reports',
        ], self::claims(self::key()->sign($token, 1000)));
    }

    public function testIsImmutable(): void
    {
        $plain = EmbedToken::dashboard('overview');
        $plain->viewer('42')->lock('course', 3)->lasting(60);
        self::assertSame('{"resource":{"dashboard":"overview"},"params":{},"iat":0,"exp":300}', json_encode($plain->claims(0)));
    }

    public function testEmptyAttributesAndListsStayWhatTheyAre(): void
    {
        $body = explode('.', self::key()->sign(EmbedToken::dashboard('a')->viewer('1', ['courses_taught' => []]), 0))[1];
        self::assertStringContainsString('"attributes":{"courses_taught":[]}', base64_decode(strtr($body, '-_', '+/')));
    }

    /** @dataProvider nothings */
    public function testAnEmptyLockIsRefused(mixed $nothing): void
    {
        $this->expectException(InvalidToken::class);
        EmbedToken::dashboard('overview')->lock('course', $nothing);
    }

    public static function nothings(): array
    {
        return [[null], [''], [[]], [[null]], [['']], [[[]]], [['a' => 1]], [new \stdClass()]];
    }

    /** @dataProvider wrongs */
    public function testWhatTheServerWouldRefuseIsRefusedHere(\Closure $make, string $field): void
    {
        try {
            $make();
            self::fail('it was taken');
        } catch (InvalidToken $error) {
            self::assertSame($field, $error->field);
            self::assertStringNotContainsString(self::SECRET, $error->getMessage() . $error->getTraceAsString());
        }
    }

    public static function wrongs(): array
    {
        $token = static fn (): EmbedToken => EmbedToken::dashboard('overview');
        return [
            'no name' => [static fn () => EmbedToken::dashboard(''), 'resource'],
            'no viewer' => [static fn () => $token()->viewer(''), 'sub'],
            'attribute name' => [static fn () => $token()->viewer('1', ['a b' => 1]), 'attributes'],
            'attribute name is a number' => [static fn () => $token()->viewer('1', [3 => 1]), 'attributes'],
            'attribute is null' => [static fn () => $token()->viewer('1', ['a' => null]), 'attributes.a'],
            'attribute is nested' => [static fn () => $token()->viewer('1', ['a' => [[1]]]), 'attributes.a'],
            'attribute is a map' => [static fn () => $token()->viewer('1', ['a' => ['b' => 1]]), 'attributes.a'],
            'list too long' => [static fn () => $token()->viewer('1', ['a' => range(0, 1000)]), 'attributes.a'],
            'text too long' => [static fn () => $token()->viewer('1', ['a' => str_repeat('x', 1001)]), 'attributes.a'],
            'too many' => [static fn () => $token()->viewer('1', array_combine(array_map(static fn ($n) => "a$n", range(0, 100)), range(0, 100))), 'attributes'],
            'filter name' => [static fn () => $token()->lock('a-b', 1), 'params'],
            'too short' => [static fn () => $token()->lasting(9), 'exp'],
            'too long' => [static fn () => $token()->lasting(86401), 'exp'],
            'locale' => [static fn () => $token()->region("en\n"), 'locale'],
            'time zone' => [static fn () => $token()->region('en', '99 x'), 'timezone'],
            'key id' => [static fn () => new EmbedKey('emk_short', self::SECRET), 'key'],
            'key id with a line break' => [static fn () => new EmbedKey(self::ID . "\n", self::SECRET), 'key'],
            'no secret' => [static fn () => new EmbedKey(self::ID, ''), 'secret'],
            'not UTF-8' => [static fn () => self::key()->sign($token()->viewer("\xff")), 'token'],
            'too large' => [static fn () => self::key()->sign($token()->viewer('1', ['a' => range(100000, 100999)])), 'token'],
        ];
    }

    public function testASecretIsNeitherDumpedNorSerialized(): void
    {
        self::assertStringNotContainsString(self::SECRET, print_r(self::key(), true));
        $this->expectException(\LogicException::class);
        serialize(self::key());
    }

    public function testWiresLock(): void
    {
        $wiring = new Wiring(['course' => 'course_id', 'teacher' => 'user_id']);
        self::assertSame(['course_id', 'user_id'], $wiring->attributes());
        $token = $wiring->apply(EmbedToken::dashboard('a'), ['course_id' => 7, 'user_id' => 42, 'email' => 'x']);
        self::assertEquals((object) ['course' => 7, 'teacher' => 42], $token->claims(0)['params']);
    }

    /** @dataProvider missing */
    public function testAWireWithoutAFactGivesNoToken(array $facts): void
    {
        $this->expectException(InvalidToken::class);
        (new Wiring(['course' => 'courses_taught']))->apply(EmbedToken::dashboard('a'), $facts);
    }

    public static function missing(): array
    {
        return [[[]], [['courses_taught' => []]], [['courses_taught' => '']], [['courses_taught' => null]]];
    }
}
