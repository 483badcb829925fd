// The parts of the window and where they stand; what they do together is MainWindow's.
#pragma once

#include <QWidget>

class QStackedWidget;

namespace widgets {
class Actions;
class BannerBar;
class NavBar;
class SeverityStrip;
class StatusBar;
class TopBar;
} // namespace widgets

namespace app {

class WindowFrame final : public QWidget {
    Q_OBJECT
public:
    explicit WindowFrame(const widgets::Actions& actions, QWidget* parent = nullptr);

    // Below the top bar.
    void addBar(QWidget* bar);

    widgets::TopBar* top;
    widgets::NavBar* nav;
    widgets::BannerBar* banners;
    QStackedWidget* stack;
    widgets::SeverityStrip* strip;
    widgets::StatusBar* status;

protected:
    // Below 1180 px the navigation shows signs only.
    void resizeEvent(QResizeEvent* event) override;
};

} // namespace app
