#include "widgets/playback_bar.h"
#include "widgets/record_bar.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

class PlaybackBarTest : public QObject {
    Q_OBJECT

    static constexpr qint64 kFrom = 1'795'183'200'000;
    static constexpr qint64 kTo = kFrom + 600'000;

    static metrics::PlaybackState stateAt(qint64 at, bool playing = false)
    {
        metrics::PlaybackState state;
        state.title = "Trouble";
        state.from = kFrom;
        state.to = kTo;
        state.at = at;
        state.playing = playing;
        return state;
    }

private Q_SLOTS:
    void initTestCase() { widgets::Theme::of().apply(widgets::ThemeMode::Dark); }

    void theButtonAsksForTheOtherOfPlayAndStop()
    {
        widgets::PlaybackBar bar;
        QSignalSpy plays(&bar, &widgets::PlaybackBar::playAsked);
        QSignalSpy stops(&bar, &widgets::PlaybackBar::pauseAsked);
        bar.show(stateAt(kFrom));
        auto* button = bar.findChild<QToolButton*>("playback.play");
        button->click();
        QCOMPARE(plays.count(), 1);
        bar.show(stateAt(kFrom, true));
        button->click();
        QCOMPARE(stops.count(), 1);
    }
    void theSliderSeeksWhereItIsPressed()
    {
        widgets::PlaybackBar bar;
        bar.resize(1200, 44);
        bar.QWidget::show();
        QVERIFY(QTest::qWaitForWindowExposed(&bar));
        bar.show(stateAt(kFrom));
        auto* slider = bar.findChild<widgets::SeekSlider*>();
        QSignalSpy sought(&bar, &widgets::PlaybackBar::seekAsked);
        QTest::mouseClick(slider, Qt::LeftButton, {}, slider->rect().center());
        QCOMPARE(sought.count(), 1);
        const qint64 at = sought.first().first().toLongLong();
        QVERIFY2(qAbs(at - (kFrom + kTo) / 2) < 5'000, qPrintable(QString::number(at - kFrom)));
        QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(qAbs(sought.last().first().toLongLong() - at - 10'000) < 2'000);
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(sought.last().first().toLongLong(), kFrom);
    }
    void draggingIsNotPulledBackByThePlayback()
    {
        widgets::SeekSlider slider;
        slider.resize(614, 26);
        slider.setSpan(kFrom, kTo);
        QTest::mousePress(&slider, Qt::LeftButton, {}, QPoint(307, 13));
        slider.setMoment(kFrom);
        QVERIFY(slider.moment() > kFrom + 200'000);
        QTest::mouseRelease(&slider, Qt::LeftButton, {}, QPoint(307, 13));
        slider.setMoment(kFrom);
        QCOMPARE(slider.moment(), kFrom);
    }
    void speedsAreFromATenthToAHundred()
    {
        widgets::PlaybackBar bar;
        auto* speeds = bar.findChild<QComboBox*>("playback.speed");
        QCOMPARE(speeds->itemData(0).toDouble(), 0.1);
        QCOMPARE(speeds->itemData(speeds->count() - 1).toDouble(), 100.0);
        metrics::PlaybackState state = stateAt(kFrom);
        state.speed = 10;
        bar.show(state);
        QCOMPARE(speeds->currentData().toDouble(), 10.0);
        QSignalSpy asked(&bar, &widgets::PlaybackBar::speedAsked);
        Q_EMIT speeds->activated(0);
        QCOMPARE(asked.first().first().toDouble(), 0.1);
    }
    void aProblemIsSaid()
    {
        widgets::PlaybackBar bar;
        metrics::PlaybackState state = stateAt(kFrom);
        state.problem = "the recording is damaged";
        bar.show(state);
        bool said = false;
        for (const QLabel* label : bar.findChildren<QLabel*>()) {
            said = said || label->text() == "the recording is damaged";
        }
        QVERIFY(said);
    }
    void theRecordBarFollowsTheRecording()
    {
        metrics::RecordingState state;
        bool canceled = false;
        widgets::RecordCommands commands;
        commands.state = [&state] { return state; };
        commands.cancel = [&] {
            canceled = true;
            state = {};
        };
        QWidget window;
        widgets::RecordBar bar(commands, &window);
        QVERIFY(bar.isHidden());
        state.phase = metrics::RecordingState::Phase::Recording;
        state.since = core::SystemClock::instance().wallNow();
        bar.look();
        QVERIFY(!bar.isHidden());
        QSignalSpy saves(&bar, &widgets::RecordBar::saveAsked);
        const auto buttons = bar.findChildren<QPushButton*>();
        buttons.at(0)->click();
        QCOMPARE(saves.count(), 1);
        state.phase = metrics::RecordingState::Phase::Writing;
        bar.look();
        QVERIFY(buttons.at(0)->isHidden());
        buttons.at(1)->click();
        QVERIFY(canceled);
        QVERIFY(bar.isHidden());
    }
};

QTEST_MAIN(PlaybackBarTest)
#include "tst_playback_bar.moc"
