import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { useSession } from '../api/session.tsx';
import { Waiting } from '../parts/loaded.tsx';
import { Lead } from '../parts/page.tsx';
import { useLanguage } from '../words/language.tsx';
import { AuditPage } from './audit.tsx';
import { BrandsPage } from './brands.tsx';
import { GovernancePage } from './governance.tsx';
import { QueuePage } from './queue/queue-page.tsx';
import { SellerPage } from './seller.tsx';

// Second pages come when they are asked for.
const CasePage = lazy(() => import('./case/case-page.tsx').then(({ CasePage: page }) => ({ default: page })));
const ListPage = lazy(() => import('./list.tsx').then(({ ListPage: page }) => ({ default: page })));
const OpenPage = lazy(() => import('./open.tsx').then(({ OpenPage: page }) => ({ default: page })));
const CalendarPage = lazy(() => import('./calendar.tsx').then(({ CalendarPage: page }) => ({ default: page })));
const PacketPage = lazy(() => import('./packet.tsx').then(({ PacketPage: page }) => ({ default: page })));
const PoliciesPage = lazy(() => import('./policies.tsx').then(({ PoliciesPage: page }) => ({ default: page })));
const ReferralPage = lazy(() => import('./referral/referral-page.tsx').then(({ ReferralPage: page }) => ({ default: page })));
const AppraisalsPage = lazy(() => import('./referral/appraisals.tsx').then(({ AppraisalsPage: page }) => ({ default: page })));
const AppraisalPage = lazy(() => import('./referral/appraisals.tsx').then(({ AppraisalPage: page }) => ({ default: page })));
const LiaisonPage = lazy(() => import('./liaison.tsx').then(({ LiaisonPage: page }) => ({ default: page })));
const ReplayPage = lazy(() => import('./replay.tsx').then(({ ReplayPage: page }) => ({ default: page })));

const STARTS: Readonly<Record<string, ComponentType>> = {
  'rights-holder': QueuePage,
  governance: GovernancePage,
  'account-manager': BrandsPage,
  seller: SellerPage,
  auditor: AuditPage,
  liaison: LiaisonPage,
};

/** Every address of the portal. */
export function Pages(): ReactNode {
  const { capacity } = useSession();
  const Start = STARTS[capacity] ?? NoPage;
  return (
    <Suspense fallback={<Waiting lines={6} />}>
      <Switch>
        <Route path="/" component={Start} />
        <Route path="/queue" component={QueuePage} />
        <Route path="/open" component={OpenPage} />
        <Route path="/policies" component={PoliciesPage} />
        <Route path="/calendar" component={CalendarPage} />
        <Route path="/packets/:id">{({ id }) => <PacketPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/replay/:id">{({ id }) => <ReplayPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/referrals" component={LiaisonPage} />
        <Route path="/referrals/:id">{({ id }) => <ReferralPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/appraisals" component={AppraisalsPage} />
        <Route path="/appraisals/:id">{({ id }) => <AppraisalPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/cases">
          <ListPage kind="cases" />
        </Route>
        <Route path="/appeals">
          <ListPage kind="appeals" />
        </Route>
        <Route path="/sanctions">
          <ListPage kind="sanctions" />
        </Route>
        <Route path="/cases/:id">{({ id }) => <CasePage kind="cases" id={decodeURIComponent(id)} />}</Route>
        <Route path="/appeals/:id">{({ id }) => <CasePage kind="appeals" id={decodeURIComponent(id)} />}</Route>
        <Route path="/sanctions/:id">{({ id }) => <CasePage kind="sanctions" id={decodeURIComponent(id)} />}</Route>
        <Route component={NoPage} />
      </Switch>
    </Suspense>
  );
}

function NoPage(): ReactNode {
  const { t } = useLanguage();
  return <Lead title={t('state.noPage')}>{t('state.noPageCure')}</Lead>;
}
