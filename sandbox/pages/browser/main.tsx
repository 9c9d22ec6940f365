// The pages of the try-out, in the browser: which page this is, and its root. React is a global here, as the platform provides it.
import './look/look.css';
import { readSettings } from './settings';
import { StartPage } from './start/StartPage';
import { FormPage } from './form/FormPage';
import { ListPage } from './list/ListPage';
import { PortalPage } from './portal/PortalPage';
import { SalesforcePage } from './salesforce/SalesforcePage';

const PAGES: Readonly<Record<string, () => JSX.Element>> = { start: StartPage, portal: PortalPage, salesforce: SalesforcePage, form: FormPage, list: ListPage };

const Page = PAGES[readSettings().page];
const root = document.getElementById('page');
if (Page && root) ReactDOM.render(<Page />, root);
