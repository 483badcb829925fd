// Channels, and other people's Alertmanagers, as a person sees them.
#include "widgets/channels_view.h"
#include "widgets/dialogs/channel_dialog.h"
#include "widgets/panels/cluster_page.h"
#include "widgets/panels/remote_page.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <array>

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{metrics::ChannelSetting{"url", SettingKind::Url, true, {}, {"Address", "地址"}},
                               metrics::ChannelSetting{"token", SettingKind::Secret, false, {}, {"Token", "令牌"}}};

struct Stage {
    Stage()
    {
        commands.kinds = [] { return std::vector{metrics::ChannelKind{"webhook", {"Webhook", "Webhook"}, kSettings, 60}}; };
        commands.setups = [this] { return setups; };
        commands.save = [this](const metrics::ChannelSetup& setup, const widgets::ChannelSecrets& given) {
            if (setup.settings.empty()) {
                return core::Result<void>(core::fail("url: is missing", "url"));
            }
            setups.push_back(setup);
            secrets = given;
            return core::Result<void>();
        };
        commands.test = [this](const metrics::ChannelSetup& setup, const widgets::ChannelSecrets&) { tested = setup.name; };
        commands.remove = [this](const std::string& name) { removed = name; };
        commands.preview = [](const metrics::ChannelSetup& setup) {
            return core::Result<metrics::ChannelPreview>(metrics::ChannelPreview{setup.title, "words"});
        };
    }
    widgets::ChannelCommands commands;
    std::vector<metrics::ChannelSetup> setups;
    widgets::ChannelSecrets secrets;
    std::string tested;
    std::string removed;
};

metrics::ChannelRow row(const std::string& name)
{
    metrics::ChannelRow row;
    row.name = name;
    row.kind = "webhook";
    row.editable = true;
    return row;
}

// Two peers, one of them away; two alerts, one of them acknowledged.
metrics::ClusterView clusterView()
{
    metrics::ClusterView view;
    view.peers.resize(2);
    view.peers[0].name = "am-1:9093";
    view.peers[0].state = metrics::ClusterPeer::State::Up;
    view.peers[1].name = "am-2:9093";
    view.peers[1].state = metrics::ClusterPeer::State::Away;
    view.peers[1].error = "connection refused";
    view.alerts.resize(2);
    view.alerts[0].fingerprint = view.alerts[0].name = "Loud";
    view.alerts[0].labels = {{"alertname", "Loud"}, {"pool", "a\"b"}};
    view.alerts[1].fingerprint = view.alerts[1].name = "Seen";
    view.alerts[1].state = metrics::ClusterAlert::State::Suppressed;
    view.alerts[1].ackedBy = "ann";
    view.alerts[1].labels = {{"alertname", "Seen"}};
    view.silences.resize(1);
    view.silences[0].silence.id = "s-1";
    view.silences[0].silence.endsAt = core::SystemClock::instance().wallNow() + std::chrono::hours(1);
    view.silences[0].ids = {"s-1"};
    view.silences[0].renewed = true;
    view.ackSpan = std::chrono::minutes(15);
    return view;
}

// A server with a rule that fires and one that fails.
metrics::RemoteServer remoteServer()
{
    metrics::RemoteServer server;
    server.name = "central";
    server.state = metrics::RemoteServer::State::Up;
    server.heard = server.since = core::WallTime(std::chrono::hours(500'000));
    server.rules.resize(2);
    server.rules[0].name = "Loud";
    server.rules[0].state = metrics::AlertState::Firing;
    server.rules[0].firing = 1;
    server.rules[1].name = "Broken";
    server.rules[1].health = "err";
    server.rules[1].lastError = "many-to-many matching";
    server.alerts.resize(1);
    server.alerts[0].name = "Loud";
    server.alerts[0].labels = {{"alertname", "Loud"}, {"instance", "a:1"}};
    return server;
}

template <class Widget>
Widget* child(const QWidget& parent, const char* name)
{
    auto* found = parent.findChild<Widget*>(QString::fromLatin1(name));
    return found != nullptr ? found : (qFatal("no %s", name), nullptr);
}

} // namespace

class TstChannelsView final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewChannelIsCheckedAndSavedWithItsSecretsApart()
    {
        Stage stage;
        widgets::ChannelDialog dialog(stage.commands, {});
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.findChild<QLineEdit*>("channel.name")->setText("ops");
        dialog.findChild<QPushButton*>("channel.save")->click();
        QCOMPARE(dialog.findChild<QLabel*>("channel.problem")->text(), "url: is missing");
        dialog.findChild<QLineEdit*>("channel.url")->setText("http://localhost/");
        dialog.findChild<QLineEdit*>("channel.token")->setText("typed-secret");
        QCOMPARE(dialog.findChild<QLineEdit*>("channel.token")->echoMode(), QLineEdit::Password);
        dialog.findChild<QPushButton*>("channel.save")->click();
        QCOMPARE(stage.setups.size(), 1U);
        QCOMPARE(stage.setups[0].name, std::string("ops"));
        QCOMPARE(stage.setups[0].kind, std::string("webhook"));
        QVERIFY(!stage.setups[0].settings.contains("token"));
        QCOMPARE(stage.secrets.at("token"), std::string("typed-secret"));
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
    }

    void aSecretThatIsKeptIsNotShownAndStays()
    {
        Stage stage;
        metrics::ChannelSetup setup;
        setup.name = "ops";
        setup.kind = "webhook";
        setup.editable = true;
        setup.settings = {{"url", {"http://localhost/"}}, {"token", {"secret:ops.token"}}};
        widgets::ChannelDialog dialog(stage.commands, setup);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(dialog.findChild<QLineEdit*>("channel.token")->text().isEmpty());
        dialog.findChild<QPushButton*>("channel.save")->click();
        QCOMPARE(stage.setups[0].settings.at("token").at(0), std::string("secret:ops.token"));
        QVERIFY(stage.secrets.empty());
    }

    void theDialogSaysWhereSecretsLie()
    {
        Stage stage;
        metrics::ChannelSetup setup;
        setup.name = "ops";
        setup.kind = "webhook";
        setup.settings = {{"url", {"http://localhost/"}}, {"token", {"keyring:ops.token"}}};
        stage.commands.secretPlace = [] { return metrics::SecretPlace::KeyRing; };
        widgets::ChannelDialog ring(stage.commands, setup);
        ring.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(ring.findChild<QLineEdit*>("channel.token")->placeholderText().contains("key ring"));
        QVERIFY(ring.findChild<QLabel*>("channel.place")->text().contains("go into your key ring"));
        stage.commands.secretPlace = [] { return metrics::SecretPlace::File; };
        setup.settings["token"] = {"env:TOKEN"};
        widgets::ChannelDialog file(stage.commands, setup);
        file.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(file.findChild<QLineEdit*>("channel.token")->placeholderText().contains("variable TOKEN"));
        QVERIFY(file.findChild<QLabel*>("channel.place")->text().contains("secrets.yml"));
    }

    void theSoundOfTheWindowIsChosenBelowTheChannels()
    {
        using widgets::SoundChoice;
        Stage stage;
        SoundChoice now{SoundChoice::When::Once, metrics::Severity::Warning};
        std::vector<metrics::Severity> played;
        stage.commands.sound = [&] { return now; };
        stage.commands.setSound = [&](const SoundChoice& choice) { now = choice; };
        stage.commands.playSound = [&](metrics::Severity severity) { played.push_back(severity); };
        widgets::ChannelsView view(stage.commands);
        auto* when = view.findChild<QComboBox*>("sound.when");
        auto* from = view.findChild<QComboBox*>("sound.from");
        QCOMPARE(when->currentIndex(), 1);
        QCOMPARE(from->currentIndex(), 1);
        when->setCurrentIndex(2);
        from->setCurrentIndex(2);
        QVERIFY((now == SoundChoice{SoundChoice::When::UntilAcknowledged, metrics::Severity::Critical}));
        view.findChild<QPushButton*>("sound.play")->click();
        QCOMPARE(played, std::vector{metrics::Severity::Critical});
        when->setCurrentIndex(0);
        QVERIFY(!from->isEnabled());
    }

    void thePreviewFollowsTheTemplate()
    {
        Stage stage;
        widgets::ChannelDialog dialog(stage.commands, {});
        dialog.findChild<QLineEdit*>("channel.title")->setText("mine");
        auto* preview = dialog.findChild<QLabel*>("channel.preview");
        QTRY_COMPARE_WITH_TIMEOUT(preview->text(), "mine\n\nwords", 10000);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    }

    void aTestIsSentFromTheList()
    {
        Stage stage;
        metrics::ChannelSetup setup;
        setup.name = "ops";
        stage.setups = {setup};
        widgets::ChannelsView view(stage.commands);
        view.show({row("ops"), row("other")});
        QCOMPARE(view.count(), 2);
        auto* test = view.findChild<QPushButton*>("channels.test");
        QVERIFY(!test->isEnabled());
        view.findChild<QTableView*>()->selectRow(0);
        QVERIFY(test->isEnabled());
        test->click();
        QCOMPARE(stage.tested, std::string("ops"));
    }

    void whatAChannelOfTheFileHasCannotBeSaved()
    {
        Stage stage;
        metrics::ChannelSetup setup;
        setup.name = "ops";
        setup.kind = "webhook";
        widgets::ChannelDialog dialog(stage.commands, setup);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(!dialog.findChild<QPushButton*>("channel.save")->isEnabled());
    }

    void otherAlertmanagersAreShownAndTold()
    {
        metrics::ClusterViewPtr view;
        std::vector<metrics::SilenceRow> told;
        QStringList ended;
        widgets::ClusterCommands commands;
        commands.view = [&view] { return view; };
        commands.silence = [&told](const metrics::SilenceRow& silence) { told.push_back(silence); };
        commands.expire = [&ended](const QString& id) { ended << id; };
        metrics::Labels acknowledged, withdrawn;
        QStringList said;
        commands.acknowledge = [&](const metrics::Labels& labels, const QString& by, const QString& note) {
            acknowledged = labels;
            said << by + QStringLiteral(": ") + note;
        };
        commands.withdraw = [&](const metrics::Labels& labels) { withdrawn = labels; };
        widgets::ClusterPage page(&commands);
        page.show();
        page.refresh();
        QVERIFY(!page.isWatched() && !child<QLabel>(page, "cluster.health")->isVisible());
        QVERIFY(!child<QPushButton>(page, "cluster.ack")->isEnabled());

        view = std::make_shared<const metrics::ClusterView>(clusterView());
        page.refresh();
        QCOMPARE(page.open(), 1);
        QVERIFY(child<QLabel>(page, "cluster.health")->text().contains("am-2:9093 (connection refused)"));
        QCOMPARE(child<QToolButton>(page, "cluster.showAlerts")->text(), "Alerts 2");
        auto* alerts = child<widgets::TableView>(page, "cluster.alerts");
        alerts->selectRow(0); // loud ones first
        QCOMPARE(alerts->model()->index(1, 0).data().toString(), "acknowledged by ann");
        child<QPushButton>(page, "cluster.ack")->click();
        auto* dialog = page.findChild<QDialog*>();
        QVERIFY(dialog != nullptr);
        const auto fields = dialog->findChildren<QLineEdit*>();
        fields[0]->setText("ann");
        fields[1]->setText("on it");
        dialog->findChildren<QPushButton*>().back()->click();
        QVERIFY(told.empty()); // it is no silence of its own, but kept up by who tells them
        QCOMPARE(said, (QStringList{"ann: on it"}));
        QVERIFY(acknowledged == view->alerts[0].labels); // this alert and no other
        alerts->selectRow(1);
        QVERIFY(withdrawn.empty());
        QCOMPARE(child<QPushButton>(page, "cluster.ack")->text(), QString("Withdraw")); // somebody has
        child<QPushButton>(page, "cluster.ack")->click();
        QVERIFY(withdrawn == view->alerts[1].labels);

        child<QToolButton>(page, "cluster.showSilences")->click();
        child<widgets::TableView>(page, "cluster.silences")->selectRow(0);
        const QModelIndex until = child<widgets::TableView>(page, "cluster.silences")->model()->index(0, 3);
        QCOMPARE(until.data().toString(), QString("renewed while it fires"));
        QVERIFY(until.data(Qt::ToolTipRole).toString().startsWith("20"));
        child<QPushButton>(page, "cluster.end")->click();
        QCOMPARE(ended, QStringList("s-1"));
    }

    void rulesAndAlertsOfAPrometheusAreShown()
    {
        metrics::RemoteView view;
        int asked = 0;
        widgets::RemoteCommands commands{[&view] { return view; }, [&asked] { ++asked; }};
        widgets::RemotePage page(&commands);
        page.show();
        page.refresh();
        QVERIFY(!page.isWatched() && !child<QPushButton>(page, "remote.look")->isEnabled());

        metrics::RemoteServer server = remoteServer();
        view = {std::make_shared<const metrics::RemoteServer>(server)};
        page.refresh();
        QVERIFY(page.isWatched());
        QCOMPARE(page.firing(), 1);
        QCOMPARE(child<QToolButton>(page, "remote.showAlerts")->text(), "Alerts 1");
        auto* rules = child<widgets::TableView>(page, "remote.rules");
        QCOMPARE(rules->model()->index(0, 1).data().toString(), "Broken"); // the worst first
        QCOMPARE(rules->model()->index(0, 0).data().toString(), "error");
        auto* alerts = child<widgets::TableView>(page, "remote.alerts");
        QCOMPARE(alerts->model()->index(0, 3).data().toString(), "instance=a:1");
        child<QLineEdit>(page, "remote.needle")->setText("loud");
        QCOMPARE(rules->model()->rowCount(), 1);
        child<QPushButton>(page, "remote.look")->click();
        QCOMPARE(asked, 1);

        server.state = metrics::RemoteServer::State::Away;
        server.error = "connection refused";
        view = {std::make_shared<const metrics::RemoteServer>(server)};
        page.refresh();
        QCOMPARE(page.firing(), -1); // nobody can say now; what was known is still there to be read
        QCOMPARE(alerts->model()->rowCount(), 1);
        const QString health = child<QLabel>(page, "remote.health")->text();
        QVERIFY2(health.contains("central") && health.contains("connection refused") &&
                     health.contains("what is shown is of"),
                 qPrintable(health));
    }

    void thatNobodyAnswersIsNotThatNothingFires()
    {
        metrics::ClusterView blind = clusterView();
        blind.peers[0].state = metrics::ClusterPeer::State::Away;
        blind.alerts.clear();
        blind.silences.clear();
        widgets::ClusterCommands commands;
        commands.view = [view = std::make_shared<const metrics::ClusterView>(blind)] { return view; };
        widgets::ClusterPage page(&commands);
        page.refresh();
        QCOMPARE(page.open(), -1);
        QCOMPARE(child<QToolButton>(page, "cluster.showAlerts")->text(), "Alerts ?");
    }

    void theModelKeepsItsDuties()
    {
        models::ChannelModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto failing = row("b");
        failing.lastError = "HTTP 500";
        failing.lastFailure = core::WallTime(std::chrono::hours(1));
        model.merge({row("a"), failing});
        QCOMPARE(model.index(0, 0).data().toString(), "ready");
        QCOMPARE(model.index(1, 0).data().toString(), "failing");
        model.merge({failing});
        QCOMPARE(model.rowCount(), 1);
        models::RemoteAlertModel remoteAlerts;
        models::RemoteRuleModel remoteRules;
        const QAbstractItemModelTester fourth(&remoteAlerts, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester fifth(&remoteRules, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const metrics::RemoteServer& server : {remoteServer(), metrics::RemoteServer(), remoteServer()}) {
            remoteAlerts.merge(server.alerts);
            remoteRules.merge(server.rules);
        }
        models::ClusterAlertModel alerts;
        models::ClusterSilenceModel silences;
        models::ClusterPeerModel peers;
        const QAbstractItemModelTester first(&alerts, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester second(&silences, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester third(&peers, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const metrics::ClusterView& view : {clusterView(), metrics::ClusterView(), clusterView()}) {
            alerts.merge(view.alerts);
            silences.merge(view.silences);
            peers.merge(view.peers);
        }
        QCOMPARE(peers.index(1, 5).data().toString(), QString::fromUtf8("–")); // not known is not zero
    }
};

QTEST_MAIN(TstChannelsView)
#include "tst_channels_view.moc"
