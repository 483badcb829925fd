// The list of targets changed by hand: what is written, where secrets go, and the first look at an address.
#include "monitor/notify/secret_keeper.h"
#include "tests/engine/target_stage.h"
#include "tests/support/certificates.h"
#include "tests/support/tls_front.h"

#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
using engine::TargetKeeper;

class TargetDeskTest final : public TargetStage {
    Q_OBJECT

    // A desk with a place for secrets, and the keeper that follows its list.
    struct Office {
        explicit Office(const std::filesystem::path& folder)
            : secrets(folder / "secrets.yml", nullptr)
            , desk(folder, &secrets)
            , keeper(folder, head, desk)
        {
        }
        notify::SecretKeeper secrets;
        series::Head head;
        engine::TargetDesk desk;
        TargetKeeper keeper;
    };
    // The pool behind a login, as the window adds it.
    [[nodiscard]] metrics::TargetEdit added(const std::string& secret) const
    {
        metrics::TargetEdit edit;
        edit.setup.url = m_pool->url("/metrics");
        edit.setup.name = "shop";
        edit.setup.user = "me";
        edit.secret = secret;
        return edit;
    }

private Q_SLOTS:
    void init() { setUp(); }

    void theWindowsListIsChangedAndTakenAtOnce()
    {
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        static_cast<void>(tick(keeper, head));
        metrics::TargetEdit edit;
        edit.setup.url = m_pool->url("/metrics");
        edit.setup.name = "shop";
        edit.setup.environment = "production";
        QCOMPARE(carryOut(desk, edit), QString());
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        QCOMPARE(desk.setups().size(), std::size_t(1));
        QVERIFY(carryOut(desk, edit).contains("taken"));
        edit.kind = metrics::TargetEdit::Kind::Pause;
        edit.name = "shop";
        QCOMPARE(carryOut(desk, edit), QString());
        snapshot = tick(keeper, head);
        QCOMPARE(ask(head, snapshot, "target_info{reason=\"paused\"}"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_up"))); // neither up nor down: nobody is told
        QVERIFY(snapshot.targets.front().paused);
        edit.kind = metrics::TargetEdit::Kind::Resume;
        QCOMPARE(carryOut(desk, edit), QString());
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        edit.kind = metrics::TargetEdit::Kind::Remove;
        QCOMPARE(carryOut(desk, edit), QString());
        QCOMPARE(known(tick(keeper, head)), std::size_t(0));
        QCOMPARE(undone(desk), QString());
        QCOMPARE(known(tick(keeper, head)), std::size_t(1));
        write("targets.yml", "- url: [\n");
        edit.kind = metrics::TargetEdit::Kind::Add;
        edit.name.clear();
        edit.setup.name = "other";
        QVERIFY(carryOut(desk, edit).contains("targets.yml:")); // told, and not written over
        QVERIFY(undone(desk).contains("changed since"));
        QFile file(m_folder->filePath("targets.yml"));
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("- url: [\n"));
    }

    void aTypedSecretGoesWhereSecretsAreKept()
    {
        m_pool->answerTo([](const support::CaughtRequest& request) {
            support::CatcherAnswer answer;
            const auto header = request.headers.find("authorization");
            const bool well =
                header != request.headers.end() &&
                header->second == "Basic " + QByteArray("me:kanarienvogel").toBase64().toStdString();
            answer.status = well ? 200 : 401;
            answer.body = "hikaricp_connections_active{pool=\"main\"} 7\n";
            return answer;
        });
        notify::SecretKeeper secrets(folder() / "secrets.yml", nullptr);
        series::Head head;
        engine::TargetDesk desk(folder(), &secrets);
        metrics::TargetEdit edit;
        edit.setup.url = m_pool->url("/metrics");
        edit.setup.name = "shop";
        metrics::TargetFinding found = desk.probe(edit.setup, {}, {});
        QVERIFY(found.cause == metrics::TargetCause::Login && found.status == 401);
        edit.setup.user = "me";
        edit.secret = "kanarienvogel";
        found = desk.probe(edit.setup, edit.secret, {});
        QCOMPARE(QString::fromStdString(found.problem), QString());
        QCOMPARE(found.pools.size(), std::size_t(1));
        QCOMPARE(carryOut(desk, edit), QString());
        QFile list(m_folder->filePath("targets.yml"));
        QVERIFY(list.open(QFile::ReadOnly));
        const QByteArray text = list.readAll();
        QVERIFY(!text.contains("kanarienvogel") && text.contains("secret: \"secret:target-shop-"));
        QCOMPARE(QFile(m_folder->filePath("secrets.yml")).permissions() &
                     (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
        engine::TargetDesk later(folder(), &secrets); // after a new start it is looked up
        TargetKeeper keeper(folder(), head, later);
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        metrics::TargetSetup kept = later.setups().front();
        QCOMPARE(QString::fromStdString(later.probe(kept, {}, {}).problem), QString());
    }

    // Where it is kept, and for whom: a target that moves takes no login along that was not given again.
    void aLoginGoesToNobodyItWasNotGivenFor()
    {
        support::HttpCatcher elsewhere;
        const auto answers = [](const support::CaughtRequest& request) {
            support::CatcherAnswer answer;
            answer.status = request.headers.contains("authorization") ? 200 : 401;
            answer.body = "hikaricp_connections_active{pool=\"main\"} 7\n";
            return answer;
        };
        m_pool->answerTo(answers);
        elsewhere.answerTo(answers);
        Office office(folder());
        auto& [secrets, head, desk, keeper] = office;
        metrics::TargetEdit edit = added("kanarienvogel");
        QCOMPARE(carryOut(desk, edit), QString());
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        edit = {metrics::TargetEdit::Kind::Change, "shop", desk.setups().front(), {}};
        const std::string before = edit.setup.secret;
        edit.setup.url = elsewhere.url("/metrics");
        QVERIFY(carryOut(desk, edit).contains("type it again"));
        const metrics::TargetFinding found = desk.probe(edit.setup, {}, {});
        QVERIFY(found.cause == metrics::TargetCause::Secret);
        QVERIFY2(found.problem.find("type it again") != std::string::npos, found.problem.c_str());
        QVERIFY(elsewhere.requests().empty());
        edit.setup.secret.clear(); // a file's secret is one, too
        edit.setup.passwordFile = before;
        QCOMPARE(carryOut(desk, edit), QString()); // nobody is known to have that file
        QCOMPARE(undone(desk), QString());
        static_cast<void>(tick(keeper, head));
        edit.setup = desk.setups().front();
        QCOMPARE(edit.setup.secret, before);
        edit.setup.url = elsewhere.url("/metrics");
        edit.secret = "another";
        QCOMPARE(carryOut(desk, edit), QString());
        QTRY_VERIFY_WITH_TIMEOUT((static_cast<void>(tick(keeper, head)), !elsewhere.requests().empty()),
                                 20'000);
        QCOMPARE(elsewhere.requests().front().headers.at("authorization"),
                 "Basic " + QByteArray("me:another").toBase64().toStdString());
        QVERIFY(desk.setups().front().secret != before); // undone, the old one is there
        const std::size_t asked = m_pool->requests().size();
        QCOMPARE(undone(desk), QString());
        QTRY_VERIFY_WITH_TIMEOUT((static_cast<void>(tick(keeper, head)), m_pool->requests().size() > asked),
                                 20'000);
        QCOMPARE(m_pool->requests().back().headers.at("authorization"),
                 "Basic " + QByteArray("me:kanarienvogel").toBase64().toStdString());
        edit = {metrics::TargetEdit::Kind::Remove, "shop", {}, {}};
        QCOMPARE(carryOut(desk, edit), QString());
        QCOMPARE(undone(desk), QString()); // a removal keeps its secret as long as it can be undone
        QVERIFY(secrets.secrets()->resolve(before).has_value());
    }

    // What an edit left is kept as long as it can be undone, and goes with the program.
    void aSecretNobodyNeedsIsForgottenAtTheEnd()
    {
        std::string first;
        std::string second;
        {
            Office office(folder());
            auto& [secrets, head, desk, keeper] = office;
            metrics::TargetEdit edit = added("one");
            QCOMPARE(carryOut(desk, edit), QString());
            static_cast<void>(tick(keeper, head));
            edit = {metrics::TargetEdit::Kind::Change, "shop", desk.setups().front(), "two"};
            first = edit.setup.secret;
            QCOMPARE(carryOut(desk, edit), QString());
            static_cast<void>(tick(keeper, head));
            second = desk.setups().front().secret;
            QVERIFY(first != second && secrets.secrets()->resolve(first).has_value());
            QCOMPARE(undone(desk), QString());
        }
        const notify::SecretKeeper after(folder() / "secrets.yml", nullptr);
        QCOMPARE(*after.secrets()->resolve(first), std::string("one"));
        QVERIFY(!after.secrets()->resolve(second).has_value());
    }

    void aFirstLookFindsTheRightPage()
    {
        m_pool->answerTo([](const support::CaughtRequest& request) {
            support::CatcherAnswer answer;
            answer.status = request.path == "/actuator/prometheus" ? 200 : 404;
            answer.body = "hikaricp_connections_active{pool=\"main\"} 7\n";
            return answer;
        });
        engine::TargetDesk desk(folder(), nullptr);
        metrics::TargetSetup setup;
        setup.url = "127.0.0.1:" + std::to_string(m_pool->port());
        const metrics::TargetFinding found = desk.probe(setup, {}, {});
        QVERIFY2(found.problem.empty(), found.problem.c_str());
        QVERIFY(found.url.ends_with("/actuator/prometheus"));
        say("<html>no metrics</html>");
        QVERIFY(desk.probe(setup, {}, {}).cause == metrics::TargetCause::Garbage);
        setup.url = "gopher://x/";
        QVERIFY(!desk.probe(setup, {}, {}).problem.empty());
        m_pool->answer([](std::size_t) { return support::CatcherAnswer{support::CatcherAnswer::Do::Hang}; });
        setup.url = m_pool->url("/metrics");
        setup.interval = setup.timeout = 60s;
        std::stop_source stop;
        std::jthread later([&] {
            static_cast<void>(m_pool->waitFor(1, 5s));
            stop.request_stop();
        });
        QVERIFY(!desk.probe(setup, {}, stop.get_token()).problem.empty()); // at once, not after a minute
    }

    void aFirstLookNamesTheDayACertificateExpired()
    {
        support::Authority authority;
        support::CertificateWish wish;
        wish.from = -48h;
        wish.until = -24h;
        const support::TlsFront old({m_pool->port(), authority.issue(wish)});
        engine::TargetDesk desk(folder(), nullptr);
        metrics::TargetSetup setup;
        setup.url = old.url("/metrics");
        setup.caFile = authority.file().string();
        metrics::TargetFinding found = desk.probe(setup, "kanarienvogel", {});
        QVERIFY2(found.cause == metrics::TargetCause::Certificate, found.problem.c_str());
        QVERIFY2(found.expired.find("GMT") != std::string::npos, found.expired.c_str());
        const support::TlsFront well({m_pool->port(), authority.issue()});
        setup.url = well.url("/metrics");
        QCOMPARE(QString::fromStdString(desk.probe(setup, {}, {}).problem), QString());
        setup.caFile.clear();
        found = desk.probe(setup, {}, {});
        QVERIFY(found.cause == metrics::TargetCause::Certificate && found.expired.empty());
        for (const support::CaughtRequest& request :
             m_pool->requests()) { // nobody untrusted was told a secret
            QVERIFY(!request.headers.contains("authorization"));
        }
    }
};

QTEST_GUILESS_MAIN(TargetDeskTest)
#include "tst_target_desk.moc"
