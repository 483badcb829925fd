#include "widgets/panels/pool/size_tab.h"

#include "widgets/panels/size_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>

namespace widgets {

SizeTab::SizeTab(const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kMedium, space::kMedium, space::kMedium, space::kMedium);
    layout->addWidget(new SizeView(context.poolAdvice, this));
}

} // namespace widgets
