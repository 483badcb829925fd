#include "monitor/net/admission.h"
#include "monitor/net/guard.h"
#include "monitor/net/token.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using core::Lang;

namespace {

net::Request requestTo(const std::string& host, const std::string& local = "127.0.0.1")
{
    net::Request request;
    request.method = "GET";
    request.version = "HTTP/1.1";
    request.localAddress = local;
    request.headers = {{"host", host}};
    return request;
}

int hostStatus(const net::Guard& guard, const net::Request& request)
{
    const auto refusal = guard.checkHost(request, {}, Lang::English);
    return refusal ? refusal->status : 200;
}

} // namespace

class GuardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyOwnNamesAreServed_data()
    {
        QTest::addColumn<QString>("bound");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("status");
        const auto row = [](const char* bound, const char* host, int status) {
            QTest::addRow("%s asked as %s", bound, host) << bound << host << status;
        };
        row("127.0.0.1", "127.0.0.1:8000", 200);
        row("127.0.0.1", "LOCALHOST:9", 200); // a tunnel may end at another port
        row("127.0.0.1", "localhost.", 200);
        row("127.0.0.1", "[::1]:8000", 200);
        row("127.0.0.1", "app.localhost", 200);
        row("127.0.0.1", "localhost.evil.example", 421);
        row("127.0.0.1", "127.0.0.1.evil.example", 421);
        row("127.0.0.1", "192.168.1.1", 421);
        row("127.0.0.1", "console.example", 200); // configured
        row("::1", "[0:0:0:0:0:0:0:1]:8000", 200);
        row("192.168.1.1", "192.168.1.1:8000", 200);
        row("192.168.1.1", "127.0.0.1:8000", 421);
        row("192.168.1.1", "localhost", 200);
        row("127.0.0.1", "", 400);
        row("127.0.0.1", "a b", 400);
        row("127.0.0.1", "localhost,evil.example", 400);
    }
    void onlyOwnNamesAreServed()
    {
        QFETCH(QString, bound);
        QFETCH(QString, host);
        QFETCH(int, status);
        const net::Guard guard(bound.toStdString(), {"Console.Example"}, "");
        QCOMPARE(hostStatus(guard, requestTo(host.toStdString())), status);
    }

    void everyOriginHeaderMustBeOwn()
    {
        const net::Guard guard("127.0.0.1", {}, "");
        auto request = requestTo("localhost:8000");
        request.headers.emplace_back("origin", "http://localhost:8000");
        QCOMPARE(hostStatus(guard, request), 200);
        request.headers.emplace_back("origin", "http://evil.example");
        QCOMPARE(hostStatus(guard, request), 403);
        for (const char* origin : {"", "null", "https://localhost:8000", "http://localhost",
                                   "http://localhost:8000/x", "file://"}) {
            auto one = requestTo("localhost:8000");
            one.headers.emplace_back("origin", origin);
            QCOMPARE(hostStatus(guard, one), 403);
        }
    }

    void tokenIsNeededWhole()
    {
        const std::string token = "0123456789abcdef0123456789abcdef";
        const net::Guard guard("127.0.0.1", {}, token);
        const auto status = [&](const std::vector<std::string>& sent) {
            auto request = requestTo("localhost");
            for (const std::string& one : sent) {
                request.headers.emplace_back("authorization", one);
            }
            const auto refusal = guard.checkToken(request, Lang::Chinese);
            return refusal ? refusal->status : 200;
        };
        QCOMPARE(status({"Bearer " + token}), 200);
        QCOMPARE(status({"bearer   " + token + " "}), 200);
        QCOMPARE(status({}), 401);
        QCOMPARE(status({"Bearer "}), 401);
        QCOMPARE(status({token}), 401);
        QCOMPARE(status({"Bearer " + token.substr(1)}), 401);
        QCOMPARE(status({"Bearer " + token + "0"}), 401);
        QCOMPARE(status({"Bearer x", "Bearer " + token}), 401);
        const net::Guard without("127.0.0.1", {}, "");
        auto request = requestTo("localhost");
        request.headers.emplace_back("authorization", "Bearer ");
        QVERIFY(without.checkToken(request, Lang::English));
    }

    void refusalsComeInTheirOrder()
    {
        net::Router router;
        router.add({"POST", "/do", {}, net::Access::Token, 100});
        const net::Guard guard("127.0.0.1", {}, "secret");
        const net::Admission admission(router, guard, {1000, 10'000});
        const auto status = [&](net::Request request, const char* target, net::RawHead head = {}) {
            head.target = target;
            const auto verdict = admission.admit(request, head, Lang::English);
            return verdict.refusal ? verdict.refusal->status : 200;
        };
        auto request = requestTo("localhost");
        request.method = "POST";
        request.headers.emplace_back("authorization", "Bearer secret");
        QCOMPARE(status(request, "/do"), 200);
        QCOMPARE(status(request, "/do", {{}, 1001, true}), 431);
        QCOMPARE(status(request, "/do", {{}, 10, false}), 400);
        QCOMPARE(status(request, "/do%00"), 400);
        QCOMPARE(status(request, "/else"), 404);
        QCOMPARE(status(request, "http://evil.example/do"), 421);
        auto strange = request;
        strange.version = "HTTP/9.9";
        QCOMPARE(status(strange, "/do%00"), 505);
        auto forged = request;
        forged.headers.emplace_back("x-a", "b\r\nHost: evil");
        QCOMPARE(status(forged, "/do"), 400);
        auto named = request;
        named.headers.emplace_back("bad name", "b");
        QCOMPARE(status(named, "/do"), 400);
        auto large = request;
        large.headers.emplace_back("content-length", "101");
        QCOMPARE(status(large, "/do"), 413);
        for (const char* length : {"", "-1", "1x", "0x10", "99999999999999999999999", "1,1", "+1"}) {
            auto odd = request;
            odd.headers.emplace_back("content-length", length);
            QCOMPARE(status(odd, "/do"), 400);
        }
        auto encoded = request;
        encoded.headers.emplace_back("transfer-encoding", "gzip, chunked");
        QCOMPARE(status(encoded, "/do"), 400);
        auto nobody = requestTo("localhost");
        nobody.method = "POST";
        nobody.headers.emplace_back("content-length", "999999999");
        QCOMPARE(status(nobody, "/do"), 401); // says nothing of limits to strangers
    }

    void tokenFileIsMadeOnceForItsOwnerOnly()
    {
        QTemporaryDir folder;
        const QString name = folder.filePath("data/token");
        const auto first = net::loadOrMakeToken(name.toStdString());
        QVERIFY(first);
        QCOMPARE(first->size(), std::size_t{64});
        QVERIFY(first->find_first_not_of("0123456789abcdef") == std::string::npos);
        struct stat info {};
        QCOMPARE(stat(name.toLocal8Bit().constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777, mode_t{0600});
        const auto second = net::loadOrMakeToken(name.toStdString());
        QVERIFY(second);
        QCOMPARE(*second, *first);
        const auto other = net::loadOrMakeToken(folder.filePath("other").toStdString());
        QVERIFY(*other != *first);
    }

    void tokenFilesOthersCanReadAreRefused_data()
    {
        QTest::addColumn<int>("mode");
        for (const int mode : {0644, 0640, 0604, 0660, 0601}) {
            QTest::addRow("%04o", mode) << mode;
        }
    }
    void tokenFilesOthersCanReadAreRefused()
    {
        QFETCH(int, mode);
        QTemporaryDir folder;
        const QString name = folder.filePath("token");
        const auto made = net::loadOrMakeToken(name.toStdString());
        QVERIFY(made);
        chmod(name.toLocal8Bit().constData(), static_cast<mode_t>(mode));
        const auto refused = net::loadOrMakeToken(name.toStdString());
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("chmod 600") != std::string::npos);
        QVERIFY(refused.error().message.find(*made) == std::string::npos);
    }

    void oddTokenFilesAreRefused()
    {
        QTemporaryDir folder;
        const QString name = folder.filePath("token");
        for (const QByteArray& content :
             {QByteArray(), QByteArray("short\n"), QByteArray(40, ' '), QByteArray(5000, 'a'),
              QByteArray("0123456789abcdef\n0123456789abcdef\n"), QByteArray(40, '\0')}) {
            QFile file(name);
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(content);
            file.close();
            chmod(name.toLocal8Bit().constData(), 0600);
            QVERIFY(!net::loadOrMakeToken(name.toStdString()));
        }
        QFile::remove(name);
        QVERIFY(QFile::link("/etc/hostname", name)); // never through a link
        QVERIFY(!net::loadOrMakeToken(name.toStdString()));
        QVERIFY(!net::loadOrMakeToken(folder.path().toStdString()));
        QVERIFY(!net::loadOrMakeToken("/proc/no/token"));
    }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "tst_guard.moc"
