#include "app/window_frame.h"

#include "app/panel_catalog.h"
#include "widgets/actions.h"
#include "widgets/banner_bar.h"
#include "widgets/nav_bar.h"
#include "widgets/severity_strip.h"
#include "widgets/status_bar.h"
#include "widgets/top_bar.h"

#include <QBoxLayout>
#include <QStackedWidget>

#include <vector>

namespace app {

namespace {

constexpr int kNarrow = 1180; // px

std::vector<widgets::NavBar::Entry> navEntries()
{
    std::vector<widgets::NavBar::Entry> entries;
    for (const PanelEntry& panel : panelCatalog()) {
        entries.push_back({QString::fromLatin1(panel.id), panel.sign});
    }
    return entries;
}

} // namespace

WindowFrame::WindowFrame(const widgets::Actions& actions, QWidget* parent)
    : QWidget(parent)
    , top(new widgets::TopBar(actions, this))
    , nav(new widgets::NavBar(navEntries(), this))
    , banners(new widgets::BannerBar(this))
    , stack(new QStackedWidget(this))
    , strip(new widgets::SeverityStrip(this))
    , status(new widgets::StatusBar(this))
{
    auto* content = new QVBoxLayout;
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(0);
    content->addWidget(banners);
    content->addWidget(stack, 1);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(widgets::space::kLarge, 0, widgets::space::kLarge, widgets::space::kTiny);
    foot->addWidget(strip);
    content->addLayout(foot);

    auto* middle = new QHBoxLayout;
    middle->setContentsMargins(0, 0, 0, 0);
    middle->setSpacing(0);
    middle->addWidget(nav);
    middle->addLayout(content, 1);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(top);
    layout->addLayout(middle, 1);
    layout->addWidget(status);
}

void WindowFrame::addBar(QWidget* bar)
{
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, bar);
}

void WindowFrame::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < kNarrow;
    nav->setNarrow(narrow);
    status->setCostShown(narrow);
}

} // namespace app
