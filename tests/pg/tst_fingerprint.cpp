#include "monitor/pg/fingerprint.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <array>
#include <random>
#include <thread>
#include <vector>

using namespace std::string_literals;

namespace {

constexpr std::string_view kCanary = "s3cr3tc4n4ry";

// What a value may look like, the canary being in it.
const std::vector<std::string>& literals()
{
    static const std::vector<std::string> all{
        "'s3cr3tc4n4ry'", "'it''s s3cr3tc4n4ry'", "''''||'s3cr3tc4n4ry'", "E'\\'s3cr3tc4n4ry'", "e'a\\\\' 's3cr3tc4n4ry'",
        "E'a'\n'\\'s3cr3tc4n4ry'", "'a'\n  's3cr3tc4n4ry'", "'a' -- b 's\n's3cr3tc4n4ry'", "U&'\\0061s3cr3tc4n4ry'",
        "u&'!0061 s3cr3tc4n4ry' UESCAPE '!'", "N's3cr3tc4n4ry'", "X's3cr3tc4n4ry'", "b's3cr3tc4n4ry'",
        "$$s3cr3tc4n4ry$$", "$x$it's s3cr3tc4n4ry$x$", "$a1$ $b$ s3cr3tc4n4ry $b$ $a1$", "'C:\\' || 's3cr3tc4n4ry'",
        "'\\' s3cr3tc4n4ry'", "'a\\'' s3cr3tc4n4ry'", "'--'||'s3cr3tc4n4ry'", "'/*'||'s3cr3tc4n4ry'||'*/'",
        "'s3cr3tc4n4ry'::text", "date 's3cr3tc4n4ry'", "/* s3cr3tc4n4ry */ 1", "/* a /* s3cr3tc4n4ry */ b */ 1",
        "1 -- s3cr3tc4n4ry\n", "'\r\n s3cr3tc4n4ry'", "'\xff\xfe s3cr3tc4n4ry'", "'\"' || 's3cr3tc4n4ry'",
        "123s3cr3tc4n4ry", "0x1s3cr3tc4n4ry",
    };
    return all;
}

// Values that are not closed: cut off on the way, or typed wrong.
const std::vector<std::string>& openLiterals()
{
    static const std::vector<std::string> all{"'s3cr3tc4n4ry", "$q$s3cr3tc4n4ry", "E's3cr3tc4n4ry\\'", "1 /* s3cr3tc4n4ry",
                                              "'a'\n's3cr3tc4n4ry", "$q$ s3cr3tc4n4ry $Q$"};
    return all;
}

// Where a value may stand; % is its place.
const std::vector<std::string>& shapes()
{
    static const std::vector<std::string> all{
        "SELECT %", "SELECT * FROM t WHERE a = %", "SELECT * FROM t WHERE a=% AND b = 7", "SELECT -%",
        "INSERT INTO t (a, b) VALUES (%, 2)", "INSERT INTO t VALUES (1, %), (3, %)", "UPDATE t SET a = % WHERE b < 5",
        "DELETE FROM t WHERE a IN (1, %, 3)", "SELECT ARRAY[%, %]", "SELECT f(%, g(%))", "SELECT CASE WHEN a = % THEN 1 END",
        "SET app.token = %", "SET SESSION app.token TO %", "ALTER ROLE joe PASSWORD %", "CREATE ROLE joe LOGIN PASSWORD %",
        "COMMENT ON TABLE t IS %", "NOTIFY ch, %", "SELECT set_config('a', %, true)", "DO %", "PREPARE p AS SELECT %",
        "EXECUTE p(%)", "CREATE SUBSCRIPTION s CONNECTION % PUBLICATION p", "COPY t FROM PROGRAM %", "EXPLAIN SELECT %",
        "CREATE USER MAPPING FOR joe SERVER s OPTIONS (user 'j', password %)", "SELECT a FROM t ORDER BY 1 LIMIT %",
        "WITH x AS (SELECT %) SELECT * FROM x", "SELECT 1; SELECT %; SELECT 2", "SELECT a LIKE % ESCAPE '\\' FROM t",
        "CALL p(% , x => %)", "VALUES (%)", "SELECT \"a b\", % FROM \"t\"", "MERGE INTO t USING s ON a = % WHEN MATCHED THEN DELETE",
        "SELECT * FROM t WHERE a ~ % AND b @> % AND c ->> % = %", "this is no SQL at all %", "((((%", "SELECT a[%:%] FROM t",
        "SELECT % % %", "SET a.b =\n%", "SELECT 1::numeric(10,2) + %", "\xef\xbb\xbfSELECT %", "SELECT U&\"x\", %",
    };
    return all;
}

std::string filled(const std::string& shape, const std::string& literal)
{
    std::string text;
    for (const char c : shape) {
        text += c == '%' ? literal : std::string(1, c);
    }
    return text;
}

bool isOneCleanLine(const std::string& text)
{
    const QString decoded = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    if (decoded.toUtf8() != QByteArray(text.data(), static_cast<qsizetype>(text.size()))) {
        return false;
    }
    for (const QChar c : decoded) {
        if (c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() < 0xa0)) {
            return false;
        }
    }
    return true;
}

// A text of pieces that matter to a lexer, in any order: hostile, and the same in every run.
std::string randomText(std::mt19937_64& random)
{
    static const std::vector<std::string> pieces{
        "'", "''", "\"", "\\", "$", "$$", "$a$", "$1", "$99999999999999999999", "--", "\n", "/*", "*/", "(", ")", "[", "]", ",",
        ";", "::", ".", "..", "1", "1e", "1e+", "0x", "e'", "E'", "u&'", "U&\"", "b'", "x'", "n'", " ", "\t", "SELECT ", "select",
        " FROM ", "t", " WHERE ", "=", " IN ", " VALUES ", "ARRAY", "SET ", " TO ", " ESCAPE ", "NOT ", "-", "+", "a", "b ",
        "CASE ", " END ", " AND ", "UNION ", "\xff", "\xc3", "\xe2\x80\xa8", "\xf0\x9f\x98\x80", std::string(1, '\0'), "{", "}", ":x", "?",
        "JOIN ", "ON ", " AS ", "INSERT INTO t ", "UPDATE t SET ", "DELETE FROM t ", "LIMIT ", "NULL", "true", "interval '1' ", "@",
    };
    std::string text;
    const std::size_t count = random() % 40;
    for (std::size_t i = 0; i < count; ++i) {
        text += random() % 16 == 0 ? std::string(1, static_cast<char>(random() % 256)) : pieces[random() % pieces.size()];
    }
    return text;
}

} // namespace

class TestFingerprint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(".")); }

    void redactHidesValuesAndKeepsTheRest_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const char* sql, const char* shown) {
            QTest::newRow(name) << QByteArray(sql) << QByteArray(shown);
        };
        row("empty", "", "");
        row("blanks", " \t\r\n ", "");
        row("number", "SELECT * FROM t WHERE id = 42", "SELECT * FROM t WHERE id = ?");
        row("no blanks", "select*from t where id=42 and(b=.5)or c=1or d", "select*from t where id=? and(b=?)or c=? d");
        row("string", "SELECT 'a', 'it''s' FROM t", "SELECT ?, ? FROM t");
        row("exponent", "SELECT 1.5e-10, 1e5, 0x1F, 1_000", "SELECT ?, ?, ?, ?");
        row("sign", "SELECT -1, a - 1, a -1, (-2), f(b) - 3 FROM t WHERE x = -5", "SELECT ?, a - ?, a -?, (?), f(b) - ? FROM t WHERE x = ?");
        row("names with digits", "SELECT t1.c2, utf8 FROM s3.t1", "SELECT t1.c2, utf8 FROM s3.t1");
        row("parameters", "SELECT $1, $23", "SELECT $1, $23");
        row("a parameter nobody has", "SELECT $4111111111111111", "SELECT ?");
        row("quoted names", "SELECT \"a\"\"b 1\", \"T\".\"C\"", "SELECT \"a\"\"b 1\", \"T\".\"C\"");
        row("comments", "SELECT 1 -- one\n, /* two /* three */ */ 2", "SELECT ? , ?");
        row("a comment parts words", "SELECT/**/a", "SELECT a");
        row("newlines", "SELECT 1\nFROM t\r\n\tWHERE x", "SELECT ? FROM t WHERE x");
        row("dollar quotes", "DO $x$ BEGIN PERFORM 'a' $$; END $x$ LANGUAGE plpgsql", "DO ? LANGUAGE plpgsql");
        row("a name with dollars", "SELECT foo$a$bar", "SELECT foo$a$bar");
        row("E string", "SELECT E'it\\'s', b", "SELECT ?, b");
        row("continued", "SELECT 'a'\n'b', c", "SELECT ?, c");
        row("escape clause", "SELECT a LIKE 'x' ESCAPE '\\' AND b = 'y'", "SELECT a LIKE ? ESCAPE ? AND b = ?");
        row("ambiguous backslash", "SELECT 'C:\\', 'secret' FROM t", "SELECT ?");
        row("even backslashes", "SELECT 'C:\\\\', b FROM t", "SELECT ?, b FROM t");
        row("open string", "SELECT a, 'oops FROM t WHERE x = 5", "SELECT a, ?");
        row("open name", "SELECT a, \"oops FROM t", "SELECT a, ?");
        row("open dollar quote", "SELECT a, $x$ oops", "SELECT a, ?");
        row("open comment", "SELECT a /* oops", "SELECT a");
        row("lists stay", "SELECT * FROM t WHERE a IN (1, 2)", "SELECT * FROM t WHERE a IN (?, ?)");
        row("SET with words", "SET search_path TO alice, public; SELECT 1", "SET search_path TO ?; SELECT ?");
        row("SET in UPDATE", "UPDATE t SET a = b, c = 3", "UPDATE t SET a = b, c = ?");
        row("SET TRANSACTION", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        row("casts", "SELECT '1'::int, 2::numeric(10,2)", "SELECT ?::int, ?::numeric(?,?)");
        row("constants stay", "SELECT NULL, TRUE, false", "SELECT NULL, TRUE, false");
        row("control characters", "SELECT \x1b[2J, a\x07", "SELECT [?, a");
        row("json", "SELECT a->'b'->>'c' FROM t", "SELECT a->?->>? FROM t");
    }
    void redactHidesValuesAndKeepsTheRest()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(pg::redact(sql.toStdString())), shown);
    }

    void redactCutsAtCharactersNotBytes()
    {
        const std::string umlauts = "SELECT ääääääääää";
        QCOMPARE(pg::redact(umlauts, 9), "SELECT ää"s);
        QCOMPARE(pg::redact(umlauts, 0), ""s);
        QCOMPARE(QString::fromStdString(pg::redact(std::string(5000, 'x'))).size(), 200);
    }

    void noLiteralIsEverShown()
    {
        int checked = 0;
        for (const std::string& shape : shapes()) {
            std::vector<std::string> values = literals();
            if (std::count(shape.begin(), shape.end(), '%') == 1) { // two open ones would close each other
                values.insert(values.end(), openLiterals().begin(), openLiterals().end());
            }
            for (const std::string& literal : values) {
                const std::string sql = filled(shape, literal);
                const std::string shown = pg::redact(sql, 10000);
                const pg::Fingerprint made = pg::fingerprint(sql);
                QVERIFY2(shown.find(kCanary) == std::string::npos, (sql + "\n=> " + shown).c_str());
                QVERIFY2(made.text.find(kCanary) == std::string::npos, (sql + "\n=> " + made.text).c_str());
                ++checked;
            }
        }
        QVERIFY(checked > 1000);
    }

    void statementsThatDifferInValuesOnlyAreOne_data()
    {
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("other");
        const auto row = [](const char* name, const char* one, const char* other) {
            QTest::newRow(name) << QByteArray(one) << QByteArray(other);
        };
        row("numbers", "SELECT * FROM t WHERE id = 1", "SELECT * FROM t WHERE id = 99.5e3");
        row("signs", "SELECT * FROM t WHERE id = 1", "SELECT * FROM t WHERE id = -1");
        row("strings", "SELECT * FROM t WHERE a = 'x'", "SELECT * FROM t WHERE a = E'\\'y'");
        row("layout", "SELECT a,b FROM t -- x", "select  a , b\nfrom t /* y */");
        row("lists", "SELECT * FROM t WHERE a IN (1)", "SELECT * FROM t WHERE a IN (1, 2, -3)");
        row("parameter lists", "SELECT * FROM t WHERE a IN ($1)", "SELECT * FROM t WHERE a IN ($1,$2,$3)");
        row("rows", "INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL)");
        row("utility", "NOTIFY ch, 'a'", "NOTIFY ch, 'b'");
        row("comment on", "COMMENT ON TABLE t IS 'a'", "COMMENT ON TABLE t IS 'b'");
        row("passwords", "ALTER ROLE joe PASSWORD 'a'", "ALTER ROLE joe PASSWORD 'bb'");
        row("set", "SET work_mem = '4MB'", "SET work_mem TO 4096");
        row("set to words", "SET search_path = a", "SET search_path = b, c");
        row("no SQL", "SELEKT 1 FRUM 'x'", "selekt 2 frum  'y'");
        row("newer syntax", "SELECT JSON_TABLEX(a COLUMNS (b int PATH 'x')) 1", "SELECT JSON_TABLEX(a COLUMNS (b int PATH 'y')) 2");
    }
    void statementsThatDifferInValuesOnlyAreOne()
    {
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, other);
        QCOMPARE(pg::fingerprint(one.toStdString()).id, pg::fingerprint(other.toStdString()).id);
    }

    void differentStatementsAreTwo()
    {
        const std::vector<std::string> all{"",
                                           "SELECT a FROM t",
                                           "SELECT b FROM t",
                                           "SELECT a FROM u",
                                           "SELECT a FROM t WHERE a = 1",
                                           "SELECT a FROM t WHERE a > 1",
                                           "SELECT \"A\" FROM t",
                                           "DELETE FROM t",
                                           "SELEKT a",
                                           "SELEKT b",
                                           "SELECT a FROM t ORDER BY a",
                                           "SELECT a FROM t WHERE b IN (1)"};
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t k = i + 1; k < all.size(); ++k) {
                QVERIFY2(pg::fingerprint(all[i]).id != pg::fingerprint(all[k]).id, (all[i] + " / " + all[k]).c_str());
            }
        }
    }

    // libpg_query's own documented value, so that ids can be compared with other tools that use it.
    void idIsTheParsersOwn() { QCOMPARE(pg::fingerprint("SELECT 1").id, std::uint64_t(0x50fde20626009aba)); }

    void listsAreCollapsedInTheText()
    {
        QCOMPARE(pg::fingerprint("SELECT * FROM t WHERE a IN (1, 'b', -3)").text, "SELECT * FROM t WHERE a IN (…)"s);
        QCOMPARE(pg::fingerprint("INSERT INTO t VALUES (1, 2), (3, 4) RETURNING a").text,
                 "INSERT INTO t VALUES (…) RETURNING a"s);
        QCOMPARE(pg::fingerprint("SELECT ARRAY[1,2]").text, "SELECT ARRAY[…]"s);
        QCOMPARE(pg::fingerprint("SELECT a IN (1, b)").text, "SELECT a IN (?, b)"s);
    }

    void hundredThousandHostileTextsAreBorne()
    {
        std::mt19937_64 random(20261120);
        for (int i = 0; i < 100000; ++i) {
            const std::string sql = randomText(random);
            const std::string shown = pg::redact(sql, 60);
            const pg::Fingerprint made = pg::fingerprint(sql);
            const QByteArray which = "text " + QByteArray::number(i) + ": " + QByteArray::fromStdString(sql).toPercentEncoding();
            QVERIFY2(isOneCleanLine(shown) && QString::fromStdString(shown).toUcs4().size() <= 60, which.constData());
            QVERIFY2(isOneCleanLine(made.text), which.constData());
            QVERIFY2(pg::fingerprint(sql).id == made.id, which.constData());
        }
    }

    void megabytesTakeLinearTime_data()
    {
        QTest::addColumn<QByteArray>("unit");
        for (const char* unit : {"'", "\"", "$", "$a$", "$a", "/*", "*/", "--", "(", ")", "\\", "e'", "1", "a", " ", "1,", "in (",
                                 "in (1,", "values (1),", "values (1),(", "array[", "not ", "- ", "case ", "set a = ", "'a'\n",
                                 "'a' ", ";", "u&", "\xc3", "SELECT 1 + ", "\"a\".", "x'1'--\n", "$1 ", "1e+", "a=1 and "}) {
            QTest::newRow(unit) << QByteArray(unit);
        }
    }
    void megabytesTakeLinearTime()
    {
        QFETCH(QByteArray, unit);
        const std::string sql = unit.repeated((1 << 20) / static_cast<int>(unit.size())).toStdString();
        QElapsedTimer timer;
        timer.start();
        const pg::Fingerprint made = pg::fingerprint(sql);
        const std::string shown = pg::redact(sql);
        QVERIFY2(timer.elapsed() < 2000, QByteArray::number(timer.elapsed())); // 10 to 50 ms; quadratic would be minutes
        QVERIFY(made.text.size() <= 8000 && shown.size() <= 800);
    }

    void deepNestingStaysOffTheParser_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<QByteArray>("close");
        QTest::newRow("brackets") << QByteArray("(") << QByteArray(")");
        QTest::newRow("calls") << QByteArray("f(") << QByteArray(")");
        QTest::newRow("selects") << QByteArray("(SELECT ") << QByteArray(")");
        QTest::newRow("not") << QByteArray("NOT ") << QByteArray();
        QTest::newRow("minus") << QByteArray("- ") << QByteArray();
        QTest::newRow("tilde") << QByteArray("~") << QByteArray();
        QTest::newRow("case") << QByteArray("CASE WHEN 1=1 THEN ") << QByteArray(" END");
        QTest::newRow("array") << QByteArray("ARRAY[") << QByteArray("]");
        QTest::newRow("plus to the left") << QByteArray("1+") << QByteArray();
        QTest::newRow("power") << QByteArray("a^") << QByteArray();
        QTest::newRow("and") << QByteArray("a AND ") << QByteArray();
        QTest::newRow("union") << QByteArray("1 UNION SELECT ") << QByteArray();
        QTest::newRow("casts") << QByteArray() << QByteArray("::a");
        QTest::newRow("collate") << QByteArray() << QByteArray(" COLLATE a");
        QTest::newRow("is null") << QByteArray() << QByteArray(" IS NULL");
        QTest::newRow("subscripts") << QByteArray() << QByteArray("[1]");
        QTest::newRow("joins") << QByteArray() << QByteArray(" JOIN t ON a ");
    }
    void deepNestingStaysOffTheParser()
    {
        QFETCH(QByteArray, open);
        QFETCH(QByteArray, close);
        for (const int depth : {10, 90, 99, 101, 500, 1000, 2000, 4000, 8000, 100000}) {
            const QByteArray sql = "SELECT " + open.repeated(depth) + "x" + close.repeated(depth);
            // A thread of its own: its stack is what a thread of the program has, and its parser memory must go with it.
            std::uint64_t id = 0;
            std::jthread([&id, text = sql.toStdString()] { id = pg::fingerprint(text).id; }).join();
            QVERIFY(id != 0);
        }
    }

    void manyThreadsAgree()
    {
        std::vector<std::uint64_t> expected;
        for (const std::string& shape : shapes()) {
            expected.push_back(pg::fingerprint(filled(shape, "'a'")).id);
        }
        std::array<bool, 8> same{};
        {
            std::vector<std::jthread> threads;
            for (std::size_t t = 0; t < same.size(); ++t) {
                threads.emplace_back([t, &same, &expected] {
                    bool all = true;
                    for (int round = 0; round < 20; ++round) {
                        for (std::size_t i = 0; i < shapes().size(); ++i) {
                            all = all && pg::fingerprint(filled(shapes()[i], "'b'")).id == expected[i];
                        }
                    }
                    same[t] = all;
                });
            }
        }
        for (const bool one : same) {
            QVERIFY(one);
        }
    }
};

QTEST_GUILESS_MAIN(TestFingerprint)
#include "tst_fingerprint.moc"
